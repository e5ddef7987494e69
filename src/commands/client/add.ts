import {FleksCommand} from '../../cli/base-command.ts'
import {requiredArg} from '../../cli/flags.ts'
import {allowDuplicateFlag, profileFlags, profileOf} from '../../cli/profile.ts'
import {parseName} from '../../core/name.ts'
import {addClient} from '../../data/clients.ts'
import {clientCardJson} from '../../views/client-json.ts'

export default class ClientAdd extends FleksCommand {
  static override args = {name: requiredArg('name of the person or family')}
  static override description = 'Add a client\n\nA second one of the same name needs --allow-duplicate'
  static override examples = [
    '<%= config.bin %> client add "Əli Məmmədov"',
    '<%= config.bin %> client add "Мария Иванова" --phone "+994 50 123 45 67" --default-price 25',
    '<%= config.bin %> client add "Tom Baker" --code T-9 --birth-date 1990-05-17 --json',
  ]
  static override flags = {...profileFlags, 'allow-duplicate': allowDuplicateFlag}

  async run(): Promise<void> {
    const {args, flags} = await this.parse(ClientAdd)
    const name = parseName(args.name)
    const profile = profileOf(flags, new Date())
    const {client, settings} = await this.withLedger((ledger) =>
      addClient(ledger, name, profile, {allowDuplicate: flags['allow-duplicate']}),
    )
    await this.show(
      {
        json: () => clientCardJson(client),
        text: async (screen) => (await import('../../views/client-text.ts')).clientCardText(client, screen),
      },
      settings,
    )
  }
}
