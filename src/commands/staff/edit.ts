import * as Flags from '@oclif/core/flags'
import {FleksCommand} from '../../cli/base-command.ts'
import {requiredArg, STAFF} from '../../cli/flags.ts'
import {named} from '../../cli/requests.ts'
import {parseName} from '../../core/name.ts'
import {renameStaff} from '../../data/staff.ts'
import {staffAnswerJson} from '../../views/client-json.ts'

export default class StaffEdit extends FleksCommand {
  static override args = {staff: requiredArg(STAFF)}
  static override description = 'Rename a staff member'
  static override examples = [
    '<%= config.bin %> staff edit Ina --name "Ina M."',
    '<%= config.bin %> staff edit 3 --name Irina --json',
  ]
  static override flags = {name: Flags.string({description: 'the new name', helpValue: 'NAME', required: true})}

  async run(): Promise<void> {
    const {args, flags} = await this.parse(StaffEdit)
    const text = named(args.staff, 'staff member')
    const name = parseName(flags.name)
    const staff = await this.withLedger((ledger) => renameStaff(ledger, text, name))
    await this.show({
      json: () => staffAnswerJson(staff),
      text: async (screen) => (await import('../../views/client-text.ts')).staffText([staff], screen),
    })
  }
}
