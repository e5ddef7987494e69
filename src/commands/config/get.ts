import {FleksCommand} from '../../cli/base-command.ts'
import {readEnvironment} from '../../cli/environment.ts'
import {requiredArg} from '../../cli/flags.ts'
import {isLocalKey, shownLocal} from '../../cli/local-settings.ts'
import {anyKey, shownBusiness} from '../../cli/settings-list.ts'
import {readSettings} from '../../data/settings.ts'

export default class ConfigGet extends FleksCommand {
  static override args = {key: requiredArg('name of the setting')}
  static override description = 'Show one setting. Alone on its line, for scripts.'
  static override examples = ['<%= config.bin %> config get unit', '<%= config.bin %> config get operator --json']

  async run(): Promise<void> {
    const {args} = await this.parse(ConfigGet)
    const key = anyKey(args.key)
    const setting = isLocalKey(key)
      ? shownLocal(readEnvironment(), key)
      : shownBusiness(await this.withLedger(({pool}) => readSettings(pool)), key)
    await this.show({
      json: () => setting,
      text: async () => (await import('../../views/settings-text.ts')).settingValueText(setting),
    })
  }
}
