import {FleksCommand} from '../cli/base-command.ts'
import {examine} from '../cli/doctor.ts'
import {readEnvironment} from '../cli/environment.ts'
import {EXIT_CODES} from '../core/refusal.ts'

export default class Doctor extends FleksCommand {
  static override description =
    'Check that everything is in order\n\nLooks at version, Node, database, schema, settings and where each comes from. Exits 9 where it is not. Shows no secrets.'
  static override examples = ['<%= config.bin %> doctor', '<%= config.bin %> doctor --json']

  async run(): Promise<void> {
    await this.parse(Doctor)
    const checks = await examine(readEnvironment())
    const ok = checks.every((check) => check.ok)
    if (!ok) process.exitCode = EXIT_CODES.DATABASE_UNAVAILABLE
    await this.show({
      json: () => ({ok, checks}),
      text: async (screen) => (await import('../views/server-text.ts')).doctorText(checks, screen),
    })
  }
}
