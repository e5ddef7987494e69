import {rmSync} from 'node:fs'
import {expect} from 'chai'
import {ROLE_NAMES, ROLES} from '../../src/core/role.ts'
import {OUTPUT_SCHEMAS} from '../../src/views/schemas.ts'
import {plainSql, sqlAs} from '../support/database.ts'
import {programIn, withProgram} from '../support/program.ts'

describe('roles at the command line', () => {
  it('commands on the embedded server are the desk, and every role has a URL', async () => {
    const program = await programIn(null)
    try {
      const roles = await program.json('db', 'roles')
      expect(roles).to.include({user: ROLE_NAMES.desk, ok: true})
      expect(roles.roles).to.deep.equal(
        [ROLE_NAMES.owner, ROLE_NAMES.desk, ROLE_NAMES.reader].map((name) => ({name, exists: true, login: true})),
      )
      for (const role of ROLES) {
        const {url} = await program.json('db', 'url', '--role', role)
        expect(await sqlAs(url, 'select current_user::text as me')).to.deep.equal([{me: ROLE_NAMES[role]}])
      }
      expect(await program.json('db', 'url')).to.deep.equal(await program.json('db', 'url', '--role', 'desk'))
      expect((await program.run(['db', 'url', '--role', 'king'])).code).to.equal(2)
      expect((await program.json('db', 'migrate')).notDone).to.deep.equal([])
    } finally {
      await program.run(['db', 'stop'])
      rmSync(program.home, {recursive: true, force: true})
    }
  }).timeout(60_000)

  it('a right too much is shown, and exits 9', () =>
    withProgram(async (program, url) => {
      const good = await program.run(['db', 'roles'])
      expect(good.code).to.equal(0)
      expect(good.stdout).to.match(/^Connected as fleks_desk\n/)
      expect(good.stdout).to.not.contain('BAD')

      await plainSql(url, 'grant update on entry to fleks_desk', [])
      const {code, stdout} = await program.run(['db', 'roles'])
      expect(code).to.equal(9)
      expect(stdout).to.match(/BAD +fleks_desk +changes or deletes entries +yes +no\n/)
      const json = await program.run(['db', 'roles', '--json'])
      expect(json.code).to.equal(9)
      expect(OUTPUT_SCHEMAS['db roles'].parse(JSON.parse(json.stdout)).ok).to.equal(false)
    }))

  it('a command that lacks a right is refused in one sentence', () =>
    withProgram(async (program, url) => {
      await plainSql(url, 'revoke insert on client from fleks_desk; revoke insert (name) on client from fleks_desk', [])

      const {code, stderr} = await program.run(['client', 'add', 'Anna'])
      expect(code).to.equal(9)
      expect(stderr).to.equal(
        'Error: The database user lacks a right that this needs\nHint: See the rights with: fleks db roles\n',
      )
    }))

  it('migrating without the right to is refused in one sentence, where anything is missing', () =>
    withProgram(async (program, url) => {
      expect(await program.json('db', 'migrate')).to.deep.include({
        applied: [],
        notDone: ['this database user may not change the schema, so the rights stay as they are'],
      })

      await plainSql(url, 'delete from migration where version > 0', [])
      const {code, stderr} = await program.run(['db', 'migrate'])
      expect(code).to.equal(9)
      expect(stderr).to.equal(
        'Error: The database user may not change the schema\nHint: Run it as the owner of the database\n',
      )
    }))
})
