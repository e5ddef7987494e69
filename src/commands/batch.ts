import * as Flags from '@oclif/core/flags'
import {FleksCommand} from '../cli/base-command.ts'
import {BatchLoop} from '../cli/batch-loop.ts'
import {batchAnswerJson} from '../views/batch-json.ts'

/** A batch that was applied in part. */
const EXIT_PARTLY = 7

export default class Batch extends FleksCommand {
  static override description =
    'Run operations from stdin, one JSON object per line, one answer per line\n\nThe answers come in order, each the JSON of the single command or its error document, as soon as it is committed: a script can go on writing and reading for as long as it likes. Operations: topup, pay, refund, adjust, opening, transfer, reverse, client.add, client.find, staff.add, balance, with the words of the commands as keys. Exits 7 if any was refused. With a reference, a line that is sent again is posted once.'
  static override examples = [
    '<%= config.bin %> batch < ops.jsonl > results.jsonl',
    `echo '{"op":"pay","client":42,"amount":"12.50","staff":"Ina","reference":"visit-204"}' | <%= config.bin %> batch`,
    '<%= config.bin %> batch --atomic < ops.jsonl',
  ]
  static override flags = {
    atomic: Flags.boolean({default: false, description: 'all lines or none: read to the end, then one transaction'}),
  }

  async run(): Promise<void> {
    const {flags} = await this.parse(Batch)
    const loop = new BatchLoop(batchAnswerJson)
    try {
      await this.withLedger((ledger) => (flags.atomic ? loop.runAtomic(ledger) : loop.run(ledger)), {
        lookout: !flags.atomic,
      })
    } finally {
      // However it ended: an open stdin would keep the process, and whoever writes to it would wait for answers.
      process.stdin.destroy()
    }
    if (loop.refused > 0) process.exitCode = EXIT_PARTLY
    if (loop.stoppedBy !== null) process.exitCode = loop.stoppedBy
  }
}
