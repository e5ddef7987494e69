/** What mocha does around a whole run. */

import {dropTemplate} from './database.ts'
import {removeTemporaryFolders, stopTestServer} from './server.ts'

export const mochaHooks = {
  async afterAll() {
    await dropTemplate()
    await stopTestServer()
    await removeTemporaryFolders()
  },
}
