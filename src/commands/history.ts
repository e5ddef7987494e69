import * as Flags from '@oclif/core/flags'
import {FleksCommand} from '../cli/base-command.ts'
import {CLIENT, cursorFlag, formatFlag, limitFlag, optionalArg, STAFF, staffFlag, staleOkFlag} from '../cli/flags.ts'
import {named, parseLimit} from '../cli/requests.ts'
import {DIRECTIONS, KINDS} from '../core/entry.ts'
import {history} from '../data/history.ts'
import {entryJson, historyJson} from '../views/entry-json.ts'

export default class History extends FleksCommand {
  static override args = {client: optionalArg(`${CLIENT} (default: everyone)`)}
  static override description = 'Show the ledger, newest first: of one client, or of everyone'
  static override examples = [
    '<%= config.bin %> history 42',
    '<%= config.bin %> history --staff Ina --from 2026-11-01 --to 2026-11-30',
    '<%= config.bin %> history "anna pet" --kind payment --limit 10 --json',
    '<%= config.bin %> history --format csv',
  ]
  static override flags = {
    cursor: cursorFlag,
    direction: Flags.option({options: DIRECTIONS, description: 'IN (balances grow) or OUT'})(),
    format: formatFlag,
    from: Flags.string({description: 'from this day or moment', helpValue: 'TIME'}),
    kind: Flags.option({options: KINDS, description: 'only entries of this kind'})(),
    limit: limitFlag(50),
    staff: staffFlag(`${STAFF}, who did the service or took the money`),
    'stale-ok': staleOkFlag,
    to: Flags.string({description: 'through this day, or up to this moment', helpValue: 'TIME'}),
  }

  async run(): Promise<void> {
    const {args, flags} = await this.parse(History)
    const page = await this.withLedger(
      (ledger) =>
        history(ledger, {
          client: args.client === undefined ? null : named(args.client, 'client'),
          staff: flags.staff === undefined ? null : named(flags.staff, 'staff member'),
          kind: flags.kind ?? null,
          direction: flags.direction ?? null,
          from: flags.from ?? null,
          to: flags.to ?? null,
          limit: parseLimit(flags.limit),
          cursor: flags.cursor ?? null,
        }),
      {staleOk: flags['stale-ok']},
    )
    const {entries, next, settings} = page
    const rows = () => entries.map((entry) => entryJson(entry, settings.unit))
    await this.show(
      {
        json: () => historyJson(page, settings.unit),
        rows,
        csv: async () => (await import('../views/lists-csv.ts')).entriesCsv(rows()),
        text: async (screen) => (await import('../views/history-text.ts')).historyText(entries, screen),
      },
      settings,
    )
    this.hintNext(next)
  }
}
