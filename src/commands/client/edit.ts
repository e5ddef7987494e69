import * as Flags from '@oclif/core/flags'
import {FleksCommand} from '../../cli/base-command.ts'
import {CLIENT, requiredArg} from '../../cli/flags.ts'
import {allowDuplicateFlag, profileFlags, profileOf} from '../../cli/profile.ts'
import {named} from '../../cli/requests.ts'
import {parseName} from '../../core/name.ts'
import {Refusal} from '../../core/refusal.ts'
import {editClient} from '../../data/clients.ts'
import {clientCardJson} from '../../views/client-json.ts'

export default class ClientEdit extends FleksCommand {
  static override args = {client: requiredArg(CLIENT)}
  static override description =
    "Change a client's profile\n\n; an empty value empties the field. Balances are never touched."
  static override examples = [
    '<%= config.bin %> client edit 42 --phone "+994 55 765 43 21"',
    '<%= config.bin %> client edit 42 --name "Anna Petrova-Smith" --default-price 15',
    '<%= config.bin %> client edit 42 --note ""',
  ]
  static override flags = {
    ...profileFlags,
    'allow-duplicate': allowDuplicateFlag,
    name: Flags.string({description: 'the new name', helpValue: 'NAME'}),
  }

  async run(): Promise<void> {
    const {args, flags} = await this.parse(ClientEdit)
    const text = named(args.client, 'client')
    const changes = {
      ...profileOf(flags, new Date()),
      ...(flags.name === undefined ? {} : {name: parseName(flags.name)}),
    }
    if (Object.keys(changes).length === 0) {
      throw new Refusal('USAGE', 'Nothing was named to change', {hint: 'See what can be: fleks client edit --help'})
    }
    const {client, settings} = await this.withLedger((ledger) =>
      editClient(ledger, text, changes, {allowDuplicate: flags['allow-duplicate']}),
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
