import {expect} from 'chai'
import {readEnvironment, redactedUrl} from '../../src/cli/environment.ts'
import {openConnection} from '../../src/data/connection.ts'
import {waysTo} from '../../src/data/connection-url.ts'
import {databaseRefusal} from '../../src/data/failure.ts'
import {refusal} from '../support/refusal.ts'

const SECRET = 'hunter2'

describe('a database URL', () => {
  it('gives pg what libpq knows, and nothing that pg would take for an option of its own', () => {
    const url = `postgresql://ina:${SECRET}@desk.example:5433/fleks?application_name=till&stream=x&types=y&Promise=z&schema=public`

    const [way] = waysTo(url)

    expect(way?.config).to.include({host: 'desk.example', port: '5433', user: 'ina', application_name: 'till'})
    expect(way?.config).to.not.have.any.keys('stream', 'types', 'Promise', 'schema', 'connection')
  })

  for (const [what, url] of [
    ['no scheme', `ina:${SECRET}@desk.example/fleks`],
    ['a scheme alone', `postgresql:ina:${SECRET}@desk.example/fleks`],
    ['another scheme', `https://ina:${SECRET}@desk.example/fleks`],
    ['a path', '/run/postgresql'],
    ['keywords', `host=desk.example password=${SECRET}`],
    ['a port that is none', `postgresql://ina:${SECRET}@desk.example/fleks?port=abc`],
    ['a port that is too large', `postgresql://ina:${SECRET}@desk.example/fleks?port=65536`],
    ['a NUL in the user', `postgresql://ina%00options%00-c:${SECRET}@desk.example/fleks`],
    ['a NUL in the host', `postgresql://ina:${SECRET}@/fleks?host=desk%00`],
    ['half of a character', `postgresql://ina%ff:${SECRET}@desk.example/fleks`],
    ['an unknown negotiation', `postgresql://ina:${SECRET}@desk.example/fleks?sslnegotiation=${SECRET}`],
  ] as const) {
    it(`is refused with ${what}, and does not show its password`, () => {
      const {code, message} = refusal(() => waysTo(url))

      expect(code).to.equal('INVALID_CONFIG')
      expect(message).to.not.contain(SECRET)
    })
  }

  for (const url of [
    `ina:${SECRET}@desk.example/fleks`,
    `postgresql:ina:${SECRET}@desk.example/fleks`,
    `postgresql:///ina:${SECRET}@desk.example/fleks`,
    `postgresql://ina:12/${SECRET}@desk.example/fleks`,
    `postgresql://ina:12%2F/${SECRET}%40desk.example/fleks`,
    `postgresql://ina:${SECRET}@desk.example/fleks?password=${SECRET}#${SECRET}`,
    `postgresql://desk.example/fleks,ina:${SECRET}@desk.example/fleks`,
  ]) {
    it(`is shown without its password, wherever a slip put that: ${url.replaceAll(SECRET, '…')}`, () => {
      expect(redactedUrl(url)).to.not.contain(SECRET)
    })
  }

  it('is shown with all else, where it is clear what that is', () => {
    const url = `postgresql://ina:${SECRET}@desk.example:5433/fleks?sslmode=require`

    expect(redactedUrl(`${url},${url}`)).to.equal(
      'postgresql://ina@desk.example:5433/fleks,postgresql://ina@desk.example:5433/fleks',
    )
  })
})

describe('a server that cannot be reached', () => {
  for (const [what, url] of [
    ['a socket below a file', 'postgresql://ina@%2Fdev%2Fnull%2Fx/fleks'],
    ['a socket with too long a path', `postgresql://ina@%2F${'x'.repeat(300)}/fleks`],
    ['a closed port', 'postgresql://ina@127.0.0.1:1/fleks'],
  ] as const) {
    it(`is no bug of ours: ${what}`, async () => {
      const failure = await openConnection(url, {}).catch((error: unknown) => error)

      expect(databaseRefusal(failure)?.code).to.equal('DATABASE_UNAVAILABLE')
    })
  }
})

describe('a data directory', () => {
  for (const [what, path] of [
    ['longer than any path', 'x'.repeat(9000)],
    ['with a NUL in it', '/tmp/a\0b'],
  ] as const) {
    it(`is refused ${what}, in a few words`, () => {
      const {code, message} = refusal(() => readEnvironment({HOME: '/nowhere', FLEKS_DATA_DIR: path}))

      expect(code).to.equal('INVALID_CONFIG')
      expect(message.length).to.be.below(100)
    })
  }
})
