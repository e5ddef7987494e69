/** What starting the program costs, as ratios to a hand-written script, to an empty Node process and to a bare server. */

import {afterReboot, firstCommand} from './startup/cold.ts'
import {desks} from './startup/desks.ts'
import {slowNetwork} from './startup/slow-network.ts'
import {forPeople, forScripts, peakMemory, withoutServer} from './startup/warm.ts'
import {withWorld} from './startup/world.ts'

const PARTS = {forScripts, forPeople, withoutServer, peakMemory, desks, slowNetwork, firstCommand, afterReboot}
/** Such as ONLY=forScripts,desks; left out, all. */
const only = process.env.ONLY?.split(',') ?? Object.keys(PARTS)

await withWorld(async (world) => {
  for (const [name, part] of Object.entries(PARTS)) if (only.includes(name)) await part(world)
})
