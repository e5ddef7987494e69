import {FleksCommand} from '../cli/base-command.ts'
import {CLIENT, optionalArg, staleOkFlag, unitFlag} from '../cli/flags.ts'
import {named} from '../cli/requests.ts'
import {Refusal} from '../core/refusal.ts'
import {clientBalances, ledgerTotals} from '../data/balances.ts'
import {balancesJson, totalsJson} from '../views/client-json.ts'

export default class Balance extends FleksCommand {
  static override args = {client: optionalArg(`${CLIENT} (default: the total of everyone)`)}
  static override description = "Show a client's balance, or what is owed to all clients together"
  static override examples = [
    '<%= config.bin %> balance 42',
    '<%= config.bin %> balance "anna pet" --unit lesson --json',
    '<%= config.bin %> balance',
  ]
  static override flags = {'stale-ok': staleOkFlag, unit: unitFlag}

  async run(): Promise<void> {
    const {args, flags} = await this.parse(Balance)
    const staleOk = flags['stale-ok']
    if (args.client === undefined) {
      if (flags.unit !== undefined)
        throw new Refusal('USAGE', 'The total already shows every unit', {hint: 'Leave --unit out'})
      return this.showTotals(staleOk)
    }
    const client = named(args.client, 'client')
    const answer = await this.withLedger((ledger) => clientBalances(ledger, client, flags.unit ?? null), {staleOk})
    await this.show(
      {
        json: () => balancesJson(answer),
        text: async (screen) => (await import('../views/client-text.ts')).balancesText(answer, screen),
      },
      answer.settings,
    )
  }

  private async showTotals(staleOk: boolean): Promise<void> {
    const {totals, settings} = await this.withLedger(ledgerTotals, {staleOk})
    await this.show(
      {
        json: () => totalsJson(totals),
        text: async (screen) => (await import('../views/client-text.ts')).totalsText(totals, screen),
      },
      settings,
    )
  }
}
