import * as Flags from '@oclif/core/flags'
import {FleksCommand} from '../cli/base-command.ts'
import {readCheckpointFile} from '../cli/checkpoint-file.ts'
import {CLIENT, optionalArg, staleOkFlag} from '../cli/flags.ts'
import {progressOnStderr} from '../cli/progress.ts'
import {named} from '../cli/requests.ts'
import {EXIT_CODES, Refusal} from '../core/refusal.ts'
import {verify} from '../data/verify.ts'
import {HeadLines, verificationJson} from '../views/verify-json.ts'

export default class Verify extends FleksCommand {
  static override args = {client: optionalArg(`${CLIENT} (default: everyone)`)}
  static override description =
    'Prove that the ledger is sound\n\nRecomputes every balance and every hash, in one consistent picture of the ledger, and names each damage. Exits 8 where there is any. A checkpoint that is kept elsewhere proves later that nothing of it was cut off or rewritten (docs/LEDGER-FORMAT.md).'
  static override examples = [
    '<%= config.bin %> verify',
    '<%= config.bin %> verify "anna pet" --json',
    '<%= config.bin %> verify --checkpoint --json > checkpoint.json',
    '<%= config.bin %> verify --against checkpoint.json',
  ]
  static override flags = {
    against: Flags.string({
      description: 'prove that an earlier checkpoint, saved with --checkpoint --json, is still contained',
      helpValue: 'FILE',
    }),
    checkpoint: Flags.boolean({
      default: false,
      description: 'print the checkpoint; with --json also where every account ends, for --against',
    }),
    'stale-ok': staleOkFlag,
  }

  async run(): Promise<void> {
    const {args, flags} = await this.parse(Verify)
    if (args.client !== undefined && (flags.checkpoint || flags.against !== undefined)) {
      throw new Refusal('USAGE', 'A checkpoint is of the whole ledger, not of one client', {
        hint: 'Leave the client out',
      })
    }
    const client = args.client === undefined ? null : named(args.client, 'client')
    const earlier = flags.against === undefined ? null : await readCheckpointFile(flags.against)
    const progress = progressOnStderr()
    let heads = new HeadLines()
    const found = await this.withLedger(
      (ledger) => {
        heads = new HeadLines()
        return verify(ledger, {
          client,
          earlier: earlier?.heads() ?? null,
          onHead: flags.checkpoint && this.format === 'json' ? (head) => heads.add(head) : undefined,
          onProgress: (done, all) => progress.tell(`Verified ${done} of ${all} entries`),
        })
      },
      {staleOk: flags['stale-ok']},
    ).finally(progress.end)
    const against =
      earlier === null ? null : {checkpoint: earlier.checkpoint, contained: !found.damageKinds.has('checkpoint')}
    if (found.damageCount > 0) process.exitCode = EXIT_CODES.INTEGRITY
    if (flags.checkpoint && this.format === 'json') {
      for (const piece of heads.within(verificationJson(found, against))) process.stdout.write(piece)
      return
    }
    await this.show(
      {
        json: () => verificationJson(found, against),
        text: async (screen) => (await import('../views/verify-text.ts')).verificationText(found, against, screen),
      },
      found.settings,
    )
  }
}
