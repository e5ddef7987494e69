/** Finds the command that was typed and runs it. The only file that knows both the commands and how they run. */

import {asRefusal, reportFailure} from './cli/failure.ts'
import {formatAsked} from './cli/format.ts'
import {guardSignals, guardStreams} from './cli/streams.ts'
import {printTopicHelp} from './cli/topic-help.ts'
import {unknownCommand} from './cli/unknown-command.ts'
import {LOADERS} from './commands/index.ts'

export {leaveOnceWritten as leave} from './cli/streams.ts'

export async function main(words: readonly string[]): Promise<void> {
  guardStreams()
  guardSignals()
  let ended = false
  process.on('exit', () => {
    // Node ends in silence, with exit code 0, when all that is left is a promise that nobody will settle.
    if (!ended && process.exitCode === undefined)
      reportFailure(asRefusal(new Error('Left unfinished'), null), formatAsked(words))
  })
  try {
    const {id, rest} = commandIn(words)
    const load = LOADERS[id]
    if (load === undefined && printTopicHelp(words)) return
    if (load === undefined) throw unknownCommand(words, Object.keys(LOADERS))
    const {default: command} = await load()
    command.id = id
    await command.run(rest)
  } catch (error) {
    reportFailure(asRefusal(error, null), formatAsked(words))
  } finally {
    ended = true
  }
}

/** `client add Anna` is the command client:add with Anna; names have two words at most. */
function commandIn(words: readonly string[]): {readonly id: string; readonly rest: string[]} {
  const [first = '', second] = words
  const both = `${first}:${second ?? ''}`
  return Object.hasOwn(LOADERS, both)
    ? {id: both, rest: words.slice(2)}
    : {id: Object.hasOwn(LOADERS, first) ? first : '', rest: words.slice(1)}
}
