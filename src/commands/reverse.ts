import * as Flags from '@oclif/core/flags'
import {FleksCommand} from '../cli/base-command.ts'
import {correctionFlags, requiredArg} from '../cli/flags.ts'
import {reversalRequest} from '../cli/requests.ts'
import {reverse} from '../data/reversal.ts'
import {postingForms} from '../views/posting-forms.ts'

export default class Reverse extends FleksCommand {
  static override args = {entry: requiredArg('id of the entry, as in 42-7 (see: fleks history)')}
  static override description =
    'Cancel an entry that was wrong, whole or in part\n\nNothing is deleted: a new entry of the opposite direction is linked to it. Without --amount all that is left of the entry is reversed; parts never exceed the whole, and a top-up that has been spent cannot be taken back. A transfer is undone by transferring back.'
  static override examples = [
    '<%= config.bin %> reverse 42-7 --reason "typed twice"',
    '<%= config.bin %> reverse 42-7 --amount 5 --reason "half the price was agreed"',
    '<%= config.bin %> reverse 42-lesson-3 --reason "lesson fell out" --reference undo-3 --json',
    '<%= config.bin %> reverse 42-7 --reason "typed twice" --dry-run',
  ]
  static override flags = {
    ...correctionFlags,
    amount: Flags.string({description: 'how much of it (default: all that is left)', helpValue: 'AMOUNT'}),
  }

  async run(): Promise<void> {
    const {args, flags} = await this.parse(Reverse)
    const request = reversalRequest(args, flags)
    const {posting, settings} = await this.withLedger((ledger) => reverse(ledger, request))
    await this.show(postingForms(posting, settings.unit), settings)
  }
}
