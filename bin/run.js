#!/usr/bin/env node
/* The entry point. It answers --version and --help by itself, and must parse on a Node that is too old for the rest. */
'use strict'

const fs = require('node:fs')
const path = require('node:path')
const vm = require('node:vm')

const root = path.join(__dirname, '..')
const words = process.argv.slice(2)
const end = words.indexOf('--')
const options = end === -1 ? words : words.slice(0, end)
// Before the kept code; V8 copies what is not aligned.
const HEAD_BYTES = 72

if (isTooOld(process.versions.node)) {
  process.stderr.write(
    `fleks needs Node 24.15 or newer, and this is ${process.versions.node}. Install it from https://nodejs.org\n`,
  )
  process.exitCode = 1
} else if (words.length === 1 && /^(--version|-V|-v)$/.test(words[0])) {
  process.stdout.write(`fleks/${JSON.parse(fs.readFileSync(path.join(root, 'package.json'), 'utf8')).version}\n`)
} else if (!answerHelp()) {
  run()
}

function isTooOld(version) {
  const parts = version.split('.').map(Number)
  return parts[0] < 24 || parts[0] === 25 || (parts[0] === 24 && parts[1] < 15)
}

/** Help is rendered when the program is built (scripts/help.ts); only the words before the flags choose the page. */
function answerHelp() {
  const asked =
    options.indexOf('--help') !== -1 || options.indexOf('-h') !== -1 || words[0] === 'help' || words.length === 0
  if (!asked) return false
  const pages = JSON.parse(fs.readFileSync(path.join(root, 'dist', 'help.json'), 'utf8'))
  const named = words[0] === 'help' ? options.slice(1) : options
  const topic = []
  for (let i = 0; i < named.length && named[i][0] !== '-'; i++) {
    if (!Object.hasOwn(pages, topic.concat(named[i]).join(' '))) {
      // A command's own arguments follow its name; an unknown command is for the program to answer.
      if (topic.length === 0 || pages[topic.join(' ')].topic) return false
      break
    }
    topic.push(named[i])
  }
  process.stdout.write(pages[topic.join(' ')].text)
  return true
}

function run() {
  // Node prints a warning when both are set.
  if (process.env.NO_COLOR) delete process.env.FORCE_COLOR
  const {main, leave} = program()
  main(words).then(leave)
}

/** The bundle, with V8's code for it kept between runs: to compile it takes as long as all the rest. */
function program() {
  const filename = path.join(root, 'dist', 'main.cjs')
  const source = fs.readFileSync(filename, 'latin1')
  // The build begins it with a comment: the digest of the rest, then the commands that it has.
  const [digest, ...commands] = source.slice(2, source.indexOf('*/')).split(' ')
  const place = placeOfCode(commands)
  const kept = place && keptCode(place, digest)
  const script = new vm.Script(source, {filename, cachedData: kept ? kept.code : undefined})
  if (place) process.once('exit', (code) => keepCode({place, digest, script, kept, done: code === 0}))
  const module = {exports: {}}
  script.runInThisContext()(module.exports, require, module, filename, path.dirname(filename))
  return module.exports
}

/** A file of its own for each command and form, holding only what they need: reading more costs more. */
function placeOfCode(commands) {
  const home = process.env.XDG_CACHE_HOME || (process.env.HOME && path.join(process.env.HOME, '.cache'))
  const unwanted = process.env.NODE_DISABLE_COMPILE_CACHE || process.env.NODE_V8_COVERAGE
  if (unwanted || !home || !path.isAbsolute(home)) return null
  const folder = path.join(home, 'fleks')
  if (!fs.existsSync(folder) && !(made(home) && made(folder))) return null
  const id = [`${words[0]}:${words[1]}`, words[0]].find((name) => commands.includes(name)) || 'none'
  const form = options.includes('--json') ? 'json' : 'text'
  return path.join(folder, [process.version, process.arch, id.replace(':', '-'), form].join('.'))
}

/** One level at a time: Node's own recursive mkdir never returns below /proc. */
function made(folder) {
  try {
    fs.mkdirSync(folder, {mode: 0o700})
    return true
  } catch (error) {
    return error.code === 'EEXIST'
  }
}

/**
 * What was kept, if it is whole: V8 ends the process when it meets damaged code, so it stands there twice, which is
 * compared sooner than a checksum is loaded. Code that others could have written is not run.
 */
function keptCode(place, digest) {
  try {
    const {uid, mode} = fs.statSync(place)
    if ((process.getuid && uid !== process.getuid()) || (mode & 0o022) !== 0) return null
    const bytes = fs.readFileSync(place)
    const half = (bytes.length - HEAD_BYTES) / 2
    const code = bytes.subarray(HEAD_BYTES, HEAD_BYTES + half)
    const head = bytes.toString('latin1', 0, HEAD_BYTES).trimEnd().split(' ')
    const whole = head[0] === digest && half > 0 && code.equals(bytes.subarray(HEAD_BYTES + half))
    return whole ? {code, done: head[1] === 'done'} : null
  } catch {
    return null
  }
}

/** Kept again after the first run that did what it should: one that fails does not get to all functions. */
function keepCode({place, digest, script, kept, done}) {
  if (kept && !script.cachedDataRejected && (kept.done || !done)) return
  const unfinished = `${place}.${process.pid}`
  try {
    const code = script.createCachedData()
    const head = Buffer.from(`${digest} ${done ? 'done' : ''}`.padEnd(HEAD_BYTES))
    fs.writeFileSync(unfinished, Buffer.concat([head, code, code]), {flag: 'wx', mode: 0o600})
    fs.renameSync(unfinished, place)
  } catch {
    fs.rmSync(unfinished, {force: true})
  }
}
