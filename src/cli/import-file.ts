/** Opens a file to import: its bytes once for what they are, then its records as often as they are needed. */

import {isAscii} from 'node:buffer'
import {createHash, randomBytes} from 'node:crypto'
import {createWriteStream, rmSync} from 'node:fs'
import {type FileHandle, mkdtemp, open, rm, stat} from 'node:fs/promises'
import {tmpdir} from 'node:os'
import {basename, join} from 'node:path'
import {pipeline} from 'node:stream/promises'
import {detectEncoding, type Encoding, markedEncoding} from '../core/encoding.ts'
import {Refusal} from '../core/refusal.ts'
import {quoted} from '../core/text.ts'
import {isLedgerFile} from './import-ledger.ts'

const PIECE_BYTES = 65_536

/** The bytes of a file as they were when it was opened: what is appended meanwhile is for the next import. */
export interface OpenedFile {
  /** As it is called in messages and in the list of imports. */
  readonly name: string
  readonly path: string
  /** Open all the while: another file may be put in its place. */
  readonly handle: FileHandle
  readonly bytes: number
  /** SHA-256, 64 hex digits. */
  readonly digest: string
  /** Whether it is a ledger of ours, packed or not. */
  readonly isLedger: boolean
  readonly encoding: Encoding
  readonly marked: boolean
  /** How much of it was read last, in bytes. */
  position: number
  readonly close: () => Promise<void>
}

/** `-` is stdin, which is kept in a temporary file until the end. Refused: USAGE (no such file), INVALID_INPUT (no text). */
export async function openFile(path: string, encoding: Encoding | null): Promise<OpenedFile> {
  const spooled = path === '-' ? await spool() : null
  let handle: FileHandle | null = null
  const close = async () => {
    await handle?.close()
    await spooled?.remove()
  }
  try {
    const real = spooled?.path ?? path
    handle = await opened(real, path)
    const {bytes, digest, sample} = await survey(handle, path)
    const isLedger = await isLedgerFile(real)
    if (!isLedger) refuseForeign(sample, path)
    return {
      name: path === '-' ? 'stdin' : basename(path),
      path: real,
      bytes,
      digest,
      isLedger,
      encoding: encoding ?? detectEncoding(sample),
      marked: markedEncoding(sample) !== null,
      position: 0,
      handle,
      close,
    }
  } catch (error) {
    await close()
    throw error
  }
}

/**
 * The text of the file, piece by piece. Refused (INPUT): it cannot be read to its end, or is not what it was when it was
 * opened. Its last piece is given only when all of it is known to be the same: a line cut short would be another one.
 */
export async function* textOf(file: OpenedFile): AsyncGenerator<string> {
  const {bytes, encoding, digest} = file
  const decoder = new TextDecoder(encoding)
  const hash = createHash('sha256')
  file.position = 0
  let next = pieceAt(file, 0)
  while (file.position < bytes) {
    const piece = await next
    if (piece.length === 0) throw changed(file)
    hash.update(piece)
    file.position += piece.length
    if (file.position === bytes && hash.digest('hex') !== digest) throw changed(file)
    // Read while this one is worked on.
    next = pieceAt(file, file.position)
    yield decoder.decode(piece, {stream: true})
  }
  yield decoder.decode()
}

function pieceAt({handle, bytes, name}: OpenedFile, position: number): Promise<Buffer> {
  const piece = readAt(handle, position, Math.min(PIECE_BYTES, bytes - position)).catch((cause: unknown) => {
    throw unreadable(name, cause)
  })
  // Whoever has seen enough of the file does not wait for it.
  piece.catch(() => {})
  return piece
}

async function readAt(handle: FileHandle, position: number, length: number): Promise<Buffer> {
  if (length === 0) return Buffer.alloc(0)
  const buffer = Buffer.allocUnsafe(length)
  const {bytesRead} = await handle.read(buffer, 0, length, position)
  return buffer.subarray(0, bytesRead)
}

function changed({name}: OpenedFile): Refusal {
  return new Refusal('INPUT', `${quoted(name)} was changed while it was read; what was posted stays posted`, {
    hint: 'Import it again when it is written to its end',
  })
}

function unreadable(name: string, cause: unknown): Refusal {
  return new Refusal('INPUT', `${quoted(name)} cannot be read to its end; what was posted stays posted`, {
    hint: 'Copy it to another place, and import it from there',
    cause,
  })
}

/** Refused (INVALID_CONFIG): no place for temporary files, or no room there. */
async function spool(): Promise<{readonly path: string; readonly remove: () => Promise<void>}> {
  try {
    const folder = await mkdtemp(join(tmpdir(), `fleks-${randomBytes(4).toString('hex')}-`))
    const path = join(folder, 'stdin')
    // Left by a signal or a full disk: what is not done at once is not done any more.
    process.once('exit', () => rmSync(folder, {recursive: true, force: true}))
    await pipeline(process.stdin, createWriteStream(path, {mode: 0o600}))
    return {path, remove: () => rm(folder, {recursive: true, force: true})}
  } catch (cause) {
    throw new Refusal('INVALID_CONFIG', `What comes in cannot be kept in ${quoted(tmpdir())} until it is read`, {
      hint: 'Name a place with room for it in TMPDIR',
      cause,
    })
  }
}

async function survey(handle: FileHandle, named: string) {
  const hash = createHash('sha256')
  let sample: Buffer = Buffer.alloc(0)
  let bytes = 0
  let hasLetters = false
  const pieceAfter = () =>
    readAt(handle, bytes, PIECE_BYTES).catch((cause: unknown) => {
      throw unreadable(named, cause)
    })
  for (let piece = await pieceAfter(); piece.length > 0; piece = await pieceAfter()) {
    hash.update(piece)
    // The beginning, and the first piece with letters that encodings differ in.
    const high: boolean = !hasLetters && !isAscii(piece)
    if (bytes === 0 || high) sample = Buffer.concat([sample, piece])
    hasLetters ||= high
    bytes += piece.length
  }
  return {bytes, digest: hash.digest('hex'), sample}
}

async function opened(path: string, named: string): Promise<FileHandle> {
  try {
    // Asked before it is opened: opening a pipe that nobody writes to waits for ever.
    if ((await stat(path)).isFile()) return await open(path, 'r')
  } catch (cause) {
    throw new Refusal('USAGE', `The file ${quoted(named)} cannot be read`, {hint: 'Check its name and rights', cause})
  }
  throw new Refusal('USAGE', `${quoted(named)} is not a file`, {hint: 'Pipe it in: fleks import - < FILE'})
}

/** What cannot be text, told by its first bytes. */
const FOREIGN: readonly (readonly [begins: string, what: string, hint: string])[] = [
  ['504b0304', 'a spreadsheet or archive', 'Save it as CSV in the spreadsheet program, and import that'],
  ['d0cf11e0', 'an old spreadsheet', 'Save it as CSV in the spreadsheet program, and import that'],
  ['25504446', 'a PDF', 'Export the data as CSV where it comes from'],
  ['1f8b', 'compressed', 'Unpack it: gunzip -c FILE | fleks import -'],
  ['28b52ffd', 'compressed, and no backup', 'Unpack it: zstd -dc FILE | fleks import -'],
  ['fffe0000', 'in UTF-32', 'Make it UTF-8: iconv -f UTF-32 -t UTF-8 FILE | fleks import -'],
]
/** Other forms of text in which banks and spreadsheets give their lines. */
const OTHER_TEXT: readonly (readonly [begins: RegExp, what: string])[] = [
  [/^\s*<(?:\?xml|!doctype|html|table)/i, 'a web page or XML'],
  [/^(?:\{1:|\s*:20:)/, 'an MT940 statement'],
  [/^\s*(?:OFXHEADER|<OFX>)/i, 'an OFX statement'],
  [/^!(?:Type|Account|Option):/i, 'a QIF statement'],
  [/^1CClientBankExchange/, "1C's own exchange format"],
]

const UTF8_MARK = /^\u00ef\u00bb\u00bf/

function refuseForeign(sample: Buffer, path: string): void {
  const beginning = sample.subarray(0, 4).toString('hex')
  const foreign = FOREIGN.find(([begins]) => beginning.startsWith(begins))
  if (foreign !== undefined) {
    throw new Refusal('INVALID_INPUT', `${quoted(path)} is ${foreign[1]}, which is not read`, {hint: foreign[2]})
  }
  const text = sample.subarray(0, 100).toString('latin1').replace(UTF8_MARK, '')
  const other = OTHER_TEXT.find(([begins]) => begins.test(text))
  if (other !== undefined) {
    throw new Refusal('INVALID_INPUT', `${quoted(path)} is ${other[1]}, which is not read`, {
      hint: 'Export it as CSV where it comes from',
    })
  }
}
