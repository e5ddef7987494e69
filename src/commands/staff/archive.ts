import {FleksCommand} from '../../cli/base-command.ts'
import {requiredArg, STAFF} from '../../cli/flags.ts'
import {named} from '../../cli/requests.ts'
import {setStaffArchived} from '../../data/staff.ts'
import {staffAnswerJson} from '../../views/client-json.ts'

export default class StaffArchive extends FleksCommand {
  static override args = {staff: requiredArg(STAFF)}
  static override description = 'Archive a staff member who left: no more postings, but the history keeps the name'
  static override examples = ['<%= config.bin %> staff archive Ina', '<%= config.bin %> staff archive 3 --json']

  async run(): Promise<void> {
    const {args} = await this.parse(StaffArchive)
    const text = named(args.staff, 'staff member')
    const staff = await this.withLedger((ledger) => setStaffArchived(ledger, text, true))
    await this.show({
      json: () => staffAnswerJson(staff),
      text: async (screen) => (await import('../../views/client-text.ts')).staffText([staff], screen),
    })
  }
}
