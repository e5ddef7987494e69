/** Every command, loaded when it is run. */

import type {Command} from '@oclif/core'

type Load = () => Promise<{readonly default: Command.Class}>

export const LOADERS: Readonly<Record<string, Load>> = {
  adjust: () => import('./adjust.ts'),
  balance: () => import('./balance.ts'),
  'client:add': () => import('./client/add.ts'),
  'client:archive': () => import('./client/archive.ts'),
  'client:edit': () => import('./client/edit.ts'),
  'client:list': () => import('./client/list.ts'),
  'client:restore': () => import('./client/restore.ts'),
  'client:search': () => import('./client/search.ts'),
  'client:show': () => import('./client/show.ts'),
  'config:get': () => import('./config/get.ts'),
  'config:list': () => import('./config/list.ts'),
  'config:set': () => import('./config/set.ts'),
  'db:migrate': () => import('./db/migrate.ts'),
  'db:roles': () => import('./db/roles.ts'),
  'db:start': () => import('./db/start.ts'),
  'db:status': () => import('./db/status.ts'),
  'db:stop': () => import('./db/stop.ts'),
  'db:url': () => import('./db/url.ts'),
  demo: () => import('./demo.ts'),
  doctor: () => import('./doctor.ts'),
  export: () => import('./export.ts'),
  history: () => import('./history.ts'),
  opening: () => import('./opening.ts'),
  pay: () => import('./pay.ts'),
  refund: () => import('./refund.ts'),
  reverse: () => import('./reverse.ts'),
  'staff:add': () => import('./staff/add.ts'),
  'staff:archive': () => import('./staff/archive.ts'),
  'staff:edit': () => import('./staff/edit.ts'),
  'staff:list': () => import('./staff/list.ts'),
  'staff:restore': () => import('./staff/restore.ts'),
  topup: () => import('./topup.ts'),
  transfer: () => import('./transfer.ts'),
  verify: () => import('./verify.ts'),
}
