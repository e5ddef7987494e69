import {FleksCommand} from '../cli/base-command.ts'
import {AMOUNT, CLIENT, postingFlags, refundMethodFlag, requiredArg, STAFF, staffFlag} from '../cli/flags.ts'
import {postingRequest} from '../cli/requests.ts'
import {refund} from '../data/posting.ts'
import {postingForms} from '../views/posting-forms.ts'

export default class Refund extends FleksCommand {
  static override args = {client: requiredArg(CLIENT), amount: requiredArg(AMOUNT)}
  static override description =
    'Hand money back to a client\n\nAt most what is on the account. A top-up that was typed wrong is better reversed.'
  static override examples = [
    '<%= config.bin %> refund 42 10 --method cash',
    '<%= config.bin %> refund "anna pet" 10 --method card --staff Ina --note "moves away"',
    '<%= config.bin %> refund 42 10 --method transfer --reference refund-7 --json',
  ]
  static override flags = {
    ...postingFlags,
    method: refundMethodFlag,
    staff: staffFlag(`${STAFF}, who handed the money back`),
  }

  async run(): Promise<void> {
    const request = postingRequest(await this.parse(Refund))
    const {posting, settings} = await this.withLedger((ledger) => refund(ledger, request))
    await this.show(postingForms(posting, settings.unit), settings)
  }
}
