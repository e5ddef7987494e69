import {FleksCommand} from '../cli/base-command.ts'
import {CLIENT, correctionFlags, requiredArg, unitFlag} from '../cli/flags.ts'
import {adjustmentRequest} from '../cli/requests.ts'
import {withSignedArgument} from '../cli/signed-argument.ts'
import {adjust} from '../data/posting.ts'
import {postingForms} from '../views/posting-forms.ts'

export default class Adjust extends FleksCommand {
  static override args = {
    client: requiredArg(CLIENT),
    amount: requiredArg('how much with its sign: +12.50 adds, -12.50 takes'),
  }
  static override description =
    'Put a balance right, with the reason\n\nFor what no other command says: a difference found when counting, a goodwill credit. An entry that was wrong is better reversed.'
  static override examples = [
    '<%= config.bin %> adjust 42 +5 --reason "goodwill"',
    '<%= config.bin %> adjust 42 -5 --reason "counted twice in March"',
    '<%= config.bin %> adjust 42 -1 --unit lesson --reason "missed lesson" --reference check-31 --json',
  ]
  static override flags = {...correctionFlags, unit: unitFlag}

  async run(): Promise<void> {
    const input = await this.parse(Adjust, withSignedArgument(this.argv, {...Adjust.flags, ...Adjust.baseFlags}))
    const {direction, request} = adjustmentRequest(input)
    const {posting, settings} = await this.withLedger((ledger) => adjust(ledger, direction, request))
    await this.show(postingForms(posting, settings.unit), settings)
  }
}
