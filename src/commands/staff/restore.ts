import {FleksCommand} from '../../cli/base-command.ts'
import {requiredArg, STAFF} from '../../cli/flags.ts'
import {named} from '../../cli/requests.ts'
import {setStaffArchived} from '../../data/staff.ts'
import {staffAnswerJson} from '../../views/client-json.ts'

export default class StaffRestore extends FleksCommand {
  static override args = {staff: requiredArg(STAFF)}
  static override description = 'Bring an archived staff member back'
  static override examples = ['<%= config.bin %> staff restore Ina', '<%= config.bin %> staff restore 3 --json']

  async run(): Promise<void> {
    const {args} = await this.parse(StaffRestore)
    const text = named(args.staff, 'staff member')
    const staff = await this.withLedger((ledger) => setStaffArchived(ledger, text, false))
    await this.show({
      json: () => staffAnswerJson(staff),
      text: async (screen) => (await import('../../views/client-text.ts')).staffText([staff], screen),
    })
  }
}
