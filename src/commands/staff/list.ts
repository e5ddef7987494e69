import {FleksCommand} from '../../cli/base-command.ts'
import {archivedFlag, formatFlag} from '../../cli/flags.ts'
import {listStaff} from '../../data/staff.ts'
import {staffJson, staffListJson} from '../../views/client-json.ts'

export default class StaffList extends FleksCommand {
  static override description = 'List the staff by name'
  static override examples = ['<%= config.bin %> staff list', '<%= config.bin %> staff list --archived --json']
  static override flags = {archived: archivedFlag, format: formatFlag}

  async run(): Promise<void> {
    const {flags} = await this.parse(StaffList)
    const staff = await this.withLedger(({pool}) => listStaff(pool, flags.archived))
    const rows = () => staff.map(staffJson)
    await this.show({
      json: () => staffListJson(staff),
      rows,
      csv: async () => (await import('../../views/lists-csv.ts')).staffCsv(rows()),
      text: async (screen) => (await import('../../views/client-text.ts')).staffText(staff, screen),
    })
  }
}
