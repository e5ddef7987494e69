/** Output of any length: to stdout as fast as it is read there, or to a file that is whole or not there at all. */

import {constants, rmSync} from 'node:fs'
import {type FileHandle, open, realpath, rename, stat} from 'node:fs/promises'
import {dirname, resolve} from 'node:path'
import {Refusal} from '../core/refusal.ts'
import {shownPath} from '../core/text.ts'

/** Whoever read stdout has gone (`fleks export | head`): the rest need not be made, and nothing failed. */
class ReaderGone extends Error {}

/** Writes to stdout and waits while its reader is behind. Throws ReaderGone. */
async function writeOut(bytes: Uint8Array): Promise<void> {
  const {stdout} = process
  if (stdout.destroyed || !stdout.writable) throw new ReaderGone()
  if (stdout.write(bytes)) return
  await new Promise<void>((done, fail) => {
    const settle = (act: () => void) => () => {
      stdout.off('drain', drained)
      stdout.off('error', gone)
      stdout.off('close', gone)
      act()
    }
    const drained = settle(done)
    // What the failure was and which exit code it has is for the guard of the streams (streams.ts).
    const gone = settle(() => fail(new ReaderGone()))
    stdout.once('drain', drained)
    stdout.once('error', gone)
    stdout.once('close', gone)
  })
}

/** Runs `work` with stdout; a reader that went away ends it early and quietly. */
export async function toStdout<T>(
  work: (write: (bytes: Uint8Array) => Promise<void>) => Promise<T>,
): Promise<T | null> {
  try {
    return await work(writeOut)
  } catch (error) {
    if (error instanceof ReaderGone) return null
    throw error
  }
}

/**
 * Writes a file of this user alone under another name, and gives it its own once it is whole and on the disk. Refused
 * (INVALID_INPUT): a file that is already there, unless `force`, and what is no file, such as a device, in any case;
 * (OUTPUT): one that cannot be written.
 */
export async function toFile<T>(
  path: string,
  options: {readonly force: boolean},
  work: (file: FileHandle) => Promise<T>,
): Promise<T> {
  const wanted = await placeFor(path, options.force)
  const unfinished = `${wanted}.${process.pid}.unfinished`
  const file = await attempt(path, () =>
    open(unfinished, constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL, 0o600),
  )
  // A signal ends the process without coming back here.
  const removeNow = () => rmSync(unfinished, {force: true})
  process.once('exit', removeNow)
  try {
    return await attempt(path, async () => {
      const answer = await work(file)
      await file.sync()
      await placeFor(path, options.force)
      await rename(unfinished, wanted)
      await syncFolder(dirname(wanted))
      return answer
    })
  } finally {
    await file.close().catch(() => {})
    removeNow()
    process.off('exit', removeNow)
  }
}

/** The real path: what a link points to is written, and the link stays. */
async function placeFor(path: string, force: boolean): Promise<string> {
  const wanted = resolve(path)
  const found = await attempt(path, () => stat(wanted).catch(nullIfMissing))
  if (found === null) return wanted
  if (!found.isFile()) {
    throw new Refusal('INVALID_INPUT', `${path} is not a file that can be replaced`, {hint: 'Name a file'})
  }
  if (!force) {
    throw new Refusal('INVALID_INPUT', `There is already a file ${path}`, {
      hint: 'Choose another name, or add: --force',
    })
  }
  return realpath(wanted)
}

function nullIfMissing(error: NodeJS.ErrnoException): null {
  if (error.code === 'ENOENT') return null
  throw error
}

/** The new name, too, is only kept once the folder is. */
async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, constants.O_RDONLY)
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}

const FILE_CODES =
  /^E(ACCES|DQUOT|EXIST|FBIG|IO|ISDIR|LOOP|MFILE|NAMETOOLONG|NFILE|NOENT|NOSPC|NOTDIR|PERM|ROFS|TXTBSY)$/

/** The database's own failures pass; they are told elsewhere. */
async function attempt<T>(path: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    throw isFileError(error) ? notWritable(path, error) : error
  }
}

function isFileError(error: unknown): error is NodeJS.ErrnoException {
  return error instanceof Error && 'code' in error && 'syscall' in error && FILE_CODES.test(String(error.code))
}

function notWritable(path: string, error: NodeJS.ErrnoException): Refusal {
  return new Refusal('OUTPUT', `The file ${shownPath(path)} could not be written: ${error.code ?? 'unknown'}`, {
    hint: 'Choose another place, or free some space',
    cause: error,
  })
}
