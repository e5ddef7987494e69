import {FleksCommand} from '../../cli/base-command.ts'
import {readEnvironment} from '../../cli/environment.ts'
import {formatFlag} from '../../cli/flags.ts'
import {allSettings} from '../../cli/settings-list.ts'
import {readSettings} from '../../data/settings.ts'

export default class ConfigList extends FleksCommand {
  static override description =
    "Show every setting and where it comes from\n\nThe business's own are the same at every desk; the others are this machine's."
  static override examples = ['<%= config.bin %> config list', '<%= config.bin %> config list --json']
  static override flags = {format: formatFlag}

  async run(): Promise<void> {
    await this.parse(ConfigList)
    const settings = allSettings(await this.withLedger(({pool}) => readSettings(pool)), readEnvironment())
    await this.show({
      json: () => ({settings}),
      rows: () => settings,
      csv: async () =>
        (await import('../../views/lists-csv.ts')).settingsCsv(settings.map((setting) => ({...setting}))),
      text: async (screen) => (await import('../../views/settings-text.ts')).settingsText(settings, screen),
    })
  }
}
