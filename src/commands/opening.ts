import {FleksCommand} from '../cli/base-command.ts'
import {AMOUNT, CLIENT, postingFlags, requiredArg} from '../cli/flags.ts'
import {postingRequest} from '../cli/requests.ts'
import {openAccount} from '../data/posting.ts'
import {postingForms} from '../views/posting-forms.ts'

export default class Opening extends FleksCommand {
  static override args = {client: requiredArg(CLIENT), amount: requiredArg(AMOUNT)}
  static override description =
    "Bring a client's balance over from an older book\n\nOnly as the first entry in its unit, so that it cannot be brought twice. It is no money received today: reports keep it apart from top-ups."
  static override examples = [
    '<%= config.bin %> opening 42 37.50 --at 2026-01-01',
    '<%= config.bin %> opening "anna pet" 8 --unit lesson --note "card of 10"',
    '<%= config.bin %> opening 42 37.50 --reference notebook-42 --json',
  ]
  static override flags = postingFlags

  async run(): Promise<void> {
    const request = postingRequest(await this.parse(Opening))
    const {posting, settings} = await this.withLedger((ledger) => openAccount(ledger, request))
    await this.show(postingForms(posting, settings.unit), settings)
  }
}
