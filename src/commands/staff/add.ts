import {FleksCommand} from '../../cli/base-command.ts'
import {requiredArg} from '../../cli/flags.ts'
import {parseName} from '../../core/name.ts'
import {addStaff} from '../../data/staff.ts'
import {staffAnswerJson} from '../../views/client-json.ts'

export default class StaffAdd extends FleksCommand {
  static override args = {name: requiredArg('name of the staff member')}
  static override description = 'Add someone who does the work'
  static override examples = ['<%= config.bin %> staff add Leyla', '<%= config.bin %> staff add "Tomas B." --json']

  async run(): Promise<void> {
    const {args} = await this.parse(StaffAdd)
    const name = parseName(args.name)
    const staff = await this.withLedger((ledger) => addStaff(ledger, name))
    await this.show({
      json: () => staffAnswerJson(staff),
      text: async (screen) => (await import('../../views/client-text.ts')).staffText([staff], screen),
    })
  }
}
