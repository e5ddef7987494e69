/** Looks at everything that must be in order before money can be kept, and says where each value comes from. */

import packageJson from '../../package.json' with {type: 'json'}
import {databaseRefusal} from '../data/failure.ts'
import {SCHEMA_VERSION} from '../data/schema-version.ts'
import {readServerVersion} from '../data/server-version.ts'
import {readSettings} from '../data/settings.ts'
import {locate} from '../server/location.ts'
import {withLedger} from './connect.ts'
import {type Environment, redactedUrl} from './environment.ts'
import {allSettings} from './settings-list.ts'

export interface Check {
  readonly name: string
  readonly ok: boolean
  readonly value: string | null
  readonly source: string | null
}

export async function examine(environment: Environment): Promise<readonly Check[]> {
  return [
    {name: 'fleks', ok: true, value: packageJson.version, source: null},
    {name: 'Node', ok: true, value: process.versions.node, source: process.execPath},
    {name: 'config file', ok: true, value: environment.configPath, source: null},
    ...(await examineDatabase(environment)),
  ]
}

async function examineDatabase(environment: Environment): Promise<readonly Check[]> {
  const {value: url, source} = environment.databaseUrl
  const where = url === null ? locate(environment.dataDir.value).url : redactedUrl(url)
  const database = {name: 'database', value: where, source: url === null ? 'embedded' : source}
  try {
    const {settings, version} = await withLedger(async ({pool}) => ({
      settings: await readSettings(pool),
      version: await readServerVersion(pool),
    }))
    return [
      {...database, ok: true},
      {name: 'PostgreSQL', ok: true, value: version, source: null},
      {name: 'schema', ok: true, value: String(SCHEMA_VERSION), source: 'database'},
      ...allSettings(settings, environment).map(({key, value, source}) => ({name: key, ok: true, value, source})),
    ]
  } catch (error) {
    const refusal = databaseRefusal(error)
    if (refusal === null) throw error
    return [
      {...database, ok: false},
      {name: refusal.code, ok: false, value: refusal.message, source: refusal.hint},
    ]
  }
}
