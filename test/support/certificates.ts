/** Certificates made by openssl: an authority, and what it signs. */

import {execFileSync, spawnSync} from 'node:child_process'
import {writeFileSync} from 'node:fs'
import {join} from 'node:path'

export function hasOpenssl(): boolean {
  return spawnSync('openssl', ['version']).status === 0
}

export interface Pair {
  readonly certificate: string
  readonly key: string
}

/** An authority of its own. */
export function makeAuthority(folder: string, name: string): Pair {
  const pair = {certificate: join(folder, `${name}.crt`), key: join(folder, `${name}.key`)}
  openssl(
    'req',
    '-x509',
    ...NEW_KEY,
    '-keyout',
    pair.key,
    '-out',
    pair.certificate,
    '-days',
    '2',
    '-subj',
    `/CN=${name}`,
  )
  return pair
}

/** A certificate for `subject`, and with `host` for a server of that name. */
export function sign(folder: string, authority: Pair, subject: string, host?: string): Pair {
  const base = join(folder, `${subject}-${host ?? 'user'}`)
  const pair = {certificate: `${base}.crt`, key: `${base}.key`}
  openssl('req', ...NEW_KEY, '-keyout', pair.key, '-out', `${base}.csr`, '-subj', `/CN=${subject}`)
  writeFileSync(`${base}.ext`, host === undefined ? 'extendedKeyUsage=clientAuth\n' : `subjectAltName=DNS:${host}\n`)
  openssl(
    'x509',
    '-req',
    '-in',
    `${base}.csr`,
    '-CA',
    authority.certificate,
    '-CAkey',
    authority.key,
    '-CAcreateserial',
    '-out',
    pair.certificate,
    '-days',
    '2',
    '-extfile',
    `${base}.ext`,
  )
  return pair
}

const NEW_KEY = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes']

function openssl(...args: readonly string[]): void {
  execFileSync('openssl', args, {stdio: ['ignore', 'ignore', 'pipe']})
}
