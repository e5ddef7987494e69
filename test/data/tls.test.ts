import {chmodSync, copyFileSync, mkdirSync, rmSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'
import {expect} from 'chai'
import {ROLE_NAMES} from '../../src/core/role.ts'
import {openConnection} from '../../src/data/connection.ts'
import {databaseRefusal} from '../../src/data/failure.ts'
import {hasOpenssl, makeAuthority, type Pair, sign} from '../support/certificates.ts'
import {makeCluster, type OwnServer, ownedByServer, startOwnServer} from '../support/own-server.ts'
import {temporaryFolder} from '../support/server.ts'
import {skip} from '../support/skipped.ts'
import {tlsProxy} from '../support/tls-proxy.ts'

const {desk, reader, owner} = ROLE_NAMES
const PASSWORD = 'hunter2-%23-ə'

let folder: string
let server: OwnServer
let authority: Pair
let stranger: Pair
let person: Pair
let restart: (settings: Readonly<Record<string, string>>) => Promise<OwnServer>

/** What the connection is: its user and whether it is encrypted. */
async function connectionTo(url: string): Promise<{readonly user: string; readonly tls: boolean}> {
  const client = await openConnection(url, {connectionTimeoutMillis: 5_000})
  try {
    const {rows} = await client.query(
      'select current_user::text as user, ssl as tls from pg_stat_ssl where pid = pg_backend_pid()',
    )
    return rows[0]
  } finally {
    await client.end()
  }
}

async function refusalOfConnection(url: string) {
  const failure: unknown = await connectionTo(url).then(
    () => {
      throw new Error('It was let in')
    },
    (error: unknown) => error,
  )
  const refusal = databaseRefusal(failure)
  if (refusal === null) throw failure
  expect(refusal.exit).to.be.oneOf([2, 9])
  expect(`${refusal.message}${refusal.hint}`).to.not.contain('hunter2')
  return refusal
}

function deskUrl(query: string, host = 'localhost', password = encodeURIComponent(PASSWORD)): string {
  return server.url(desk, {password, host, query})
}

describe('TLS to a server', function () {
  this.timeout(60_000)

  before(async function () {
    // Node can use certificates and not make them.
    if (!hasOpenssl()) skip(this, 'TLS (no openssl to make certificates with)')
    folder = await temporaryFolder()
    authority = makeAuthority(folder, 'authority')
    stranger = makeAuthority(folder, 'stranger')
    const certificate = sign(folder, authority, 'server', 'localhost')
    person = sign(folder, authority, owner)
    const location = await makeCluster(join(folder, 'data'))
    for (const file of Object.values(certificate)) ownedByServer(location, file)
    chmodSync(certificate.key, 0o600)
    writeFileSync(
      join(location.clusterDir, 'pg_hba.conf'),
      [
        `local all fleks trust`,
        `hostssl all ${desk} 127.0.0.1/32 scram-sha-256`,
        `hostnossl all ${reader} 127.0.0.1/32 scram-sha-256`,
        `hostssl all ${owner} 127.0.0.1/32 cert`,
        '',
      ].join('\n'),
    )
    const tls = {
      ssl: 'on',
      ssl_cert_file: certificate.certificate,
      ssl_key_file: certificate.key,
      ssl_ca_file: authority.certificate,
    }
    restart = async (settings) => {
      await server?.kill('SIGINT')
      server = await startOwnServer(location, {...tls, ...settings})
      return server
    }
    await restart({})
    for (const role of [desk, reader]) await server.sql(`alter role ${role} password '${PASSWORD}'`)
  })

  after(async () => {
    await server?.kill('SIGINT')
    if (folder !== undefined) rmSync(folder, {recursive: true, force: true})
  })

  it('is there by itself, and by every mode but disable', async () => {
    for (const query of ['', 'sslmode=allow', 'sslmode=prefer', 'sslmode=require', 'ssl=true']) {
      expect(await connectionTo(deskUrl(query)), query).to.deep.equal({user: desk, tls: true})
    }
    expect((await refusalOfConnection(deskUrl('sslmode=disable'))).message).to.equal('The server refused the user')
  })

  it('is left out where the server wants it so and the mode allows it', async () => {
    const url = (query: string) => server.url(reader, {password: encodeURIComponent(PASSWORD), query})
    for (const query of ['', 'sslmode=allow', 'sslmode=prefer', 'sslmode=disable']) {
      expect(await connectionTo(url(query)), query).to.deep.equal({user: reader, tls: false})
    }
    expect((await refusalOfConnection(url('sslmode=require'))).message).to.equal('The server refused the user')
  })

  it('verify-full takes the right host of the right authority and nothing else', async () => {
    const rooted = (mode: string, {certificate}: Pair) =>
      `sslmode=${mode}&sslrootcert=${encodeURIComponent(certificate)}`

    expect(await connectionTo(deskUrl(rooted('verify-full', authority)))).to.deep.equal({user: desk, tls: true})
    expect((await refusalOfConnection(deskUrl(rooted('verify-full', authority), '127.0.0.1'))).message).to.equal(
      "The server's certificate is for another host",
    )
    for (const query of [
      rooted('verify-full', stranger),
      'sslmode=verify-full',
      'sslmode=verify-full&sslrootcert=system',
    ]) {
      expect((await refusalOfConnection(deskUrl(query))).message, query).to.match(
        /^The server's certificate is not to be trusted \([A-Z_]+\)$/,
      )
    }
  })

  it('verify-ca, and require with an authority, do not look at the host', async () => {
    for (const mode of ['verify-ca', 'require']) {
      const query = (pair: Pair) => `sslmode=${mode}&sslrootcert=${encodeURIComponent(pair.certificate)}`
      expect(await connectionTo(deskUrl(query(authority), '127.0.0.1')), mode).to.deep.equal({user: desk, tls: true})
      expect((await refusalOfConnection(deskUrl(query(stranger)))).message, mode).to.contain('not to be trusted')
    }
    for (const query of ['sslmode=verify-ca', 'sslmode=verify-ca&sslrootcert=system']) {
      expect((await refusalOfConnection(deskUrl(query))).code, query).to.equal('INVALID_CONFIG')
    }
  })

  it('finds the authority where libpq keeps it', async () => {
    const home = process.env.HOME
    mkdirSync(join(folder, 'home', '.postgresql'), {recursive: true})
    process.env.HOME = join(folder, 'home')
    try {
      for (const [{certificate}, trusted] of [
        [authority, true],
        [stranger, false],
      ] as const) {
        copyFileSync(certificate, join(folder, 'home', '.postgresql', 'root.crt'))
        if (trusted) expect((await connectionTo(deskUrl('sslmode=verify-full'))).tls).to.equal(true)
        else expect((await refusalOfConnection(deskUrl('sslmode=verify-full'))).message).to.contain('not to be trusted')
      }
    } finally {
      process.env.HOME = home
    }
  })

  it('shows a client certificate, whose key nobody else may read', async () => {
    const url = server.url(owner, {
      host: 'localhost',
      query: `sslmode=require&sslcert=${encodeURIComponent(person.certificate)}&sslkey=${encodeURIComponent(person.key)}`,
    })
    chmodSync(person.key, 0o600)
    expect(await connectionTo(url)).to.deep.equal({user: owner, tls: true})
    chmodSync(person.key, 0o644)
    expect((await refusalOfConnection(url)).message).to.contain('can be read by others')
    expect((await refusalOfConnection(server.url(owner, {query: 'sslmode=require'}))).exit).to.equal(9)
  })

  it('is refused in one sentence where its parameters cannot be used', async () => {
    for (const query of [
      'sslmode=sometimes',
      'sslmode=require&sslrootcert=/nowhere',
      'sslcert=/nowhere&sslkey=/nowhere',
      `sslcert=${encodeURIComponent(person.certificate)}`,
      'sslmode=prefer&sslnegotiation=direct',
    ]) {
      expect((await refusalOfConnection(deskUrl(query))).code, query).to.equal('INVALID_CONFIG')
    }
  })

  it('binds the password to the certificate: somebody in between is not let in', async () => {
    expect((await connectionTo(deskUrl('sslmode=require&channel_binding=require'))).tls).to.equal(true)
    const between = await tlsProxy(server.port, stranger)
    try {
      const url = deskUrl('sslmode=require').replace(`:${server.port}/`, `:${between.port}/`)
      expect((await refusalOfConnection(url)).message).to.equal('The server refused the user')
    } finally {
      between.close()
    }
  })

  it('is missed where the server has none', async () => {
    await restart({ssl: 'off'})
    try {
      const url = (query: string) => server.url(reader, {password: encodeURIComponent(PASSWORD), query})
      expect(await connectionTo(url(''))).to.deep.equal({user: reader, tls: false})
      for (const query of ['sslmode=require', 'sslmode=verify-full']) {
        expect((await refusalOfConnection(url(query))).message, query).to.equal(
          'The server does not offer TLS, and the sslmode asks for it',
        )
      }
      expect((await refusalOfConnection(url('channel_binding=require'))).message).to.contain(
        'does not bind the password',
      )
    } finally {
      await restart({})
    }
  })

  it('does not help a wrong password, which is told at once, nor a missing one', async () => {
    for (const query of ['', 'sslmode=require', 'sslmode=allow']) {
      const begun = performance.now()
      expect((await refusalOfConnection(deskUrl(query, 'localhost', 'wrong'))).message).to.equal(
        'The server refused the password',
      )
      expect(performance.now() - begun).to.be.lessThan(5_000)
    }
    expect((await refusalOfConnection(server.url(desk, {query: 'sslmode=require'}))).message).to.equal(
      'The server asks for a password, and there is none',
    )
  })
})
