#!/usr/bin/env node
/* The entry point. It answers --version and --help by itself, and must parse on a Node that is too old for the rest. */
'use strict'

const fs = require('node:fs')
const path = require('node:path')

const root = path.join(__dirname, '..')
const words = process.argv.slice(2)
const end = words.indexOf('--')
const options = end === -1 ? words : words.slice(0, end)

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
  keepCompiledCode()
  require('../dist/main.cjs').main(words)
}

/** V8's compiled code, kept between runs in a directory of this user alone. */
function keepCompiledCode() {
  const home = process.env.XDG_CACHE_HOME || (process.env.HOME && path.join(process.env.HOME, '.cache'))
  if (!home || !path.isAbsolute(home) || process.env.NODE_COMPILE_CACHE || process.env.NODE_DISABLE_COMPILE_CACHE)
    return
  const folder = path.join(home, 'fleks')
  if (fs.existsSync(folder) || (made(home) && made(folder))) require('node:module').enableCompileCache(folder)
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
