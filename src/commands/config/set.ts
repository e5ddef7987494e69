import {FleksCommand} from '../../cli/base-command.ts'
import {readEnvironment} from '../../cli/environment.ts'
import {requiredArg} from '../../cli/flags.ts'
import {isLocalKey, LOCAL_SETTINGS, setLocal, shownLocal} from '../../cli/local-settings.ts'
import {anyKey, shownBusiness} from '../../cli/settings-list.ts'
import {SETTINGS} from '../../core/setting.ts'
import {configure} from '../../data/configure.ts'

const KEYS = Object.entries({...SETTINGS, ...LOCAL_SETTINGS}).map(([key, meaning]) => `${key}: ${meaning}`)

export default class ConfigSet extends FleksCommand {
  static override args = {
    key: requiredArg('name of the setting'),
    value: requiredArg('its value; "" empties it; - reads it from stdin (database-url)'),
  }
  static override description = `Change one setting.\n\n${KEYS.join('\n')}`
  static override examples = [
    '<%= config.bin %> config set business-name "Salon Lotus"',
    '<%= config.bin %> config set time-zone Asia/Baku',
    '<%= config.bin %> config set counted-units lesson,hour:2 --json',
    '<%= config.bin %> config set operator Leyla',
  ]

  async run(): Promise<void> {
    const {args} = await this.parse(ConfigSet)
    const key = anyKey(args.key)
    if (isLocalKey(key)) await setLocal(readEnvironment(), key, args.value)
    const setting = isLocalKey(key)
      ? shownLocal(readEnvironment(), key)
      : shownBusiness(await this.withLedger((ledger) => configure(ledger, key, args.value)), key)
    await this.show({
      json: () => setting,
      text: async () => (await import('../../views/settings-text.ts')).settingText(setting),
    })
  }
}
