/** Looks for the primary among the servers of one database: the one that answered last comes first. */

import type pg from 'pg'
import {openConnection} from './connection.ts'
import {splitUrls} from './connection-url.ts'
import {isConnectionLoss} from './failure.ts'

/** The search of one connection; `preferred` is shared by those of a pool. */
export class ServerSearch {
  private readonly urls: readonly string[]
  private readonly preferred: {at: number}
  private readonly config: pg.ClientConfig
  private readonly untried: number[]
  private open: pg.Client | null = null
  private at = 0
  private standbyAt: number | null = null
  private failure: unknown = null
  /** Whether a standby is taken because no primary answers. */
  isStale = false

  constructor(urls: readonly string[], preferred: {at: number}, config: pg.ClientConfig) {
    this.urls = urls
    this.preferred = preferred
    this.config = config
    const others = urls.map((_, at) => at).filter((at) => at !== preferred.at)
    this.untried = [preferred.at, ...others]
  }

  get client(): pg.Client {
    if (this.open === null) throw new Error('The connection is not open')
    return this.open
  }

  /** A connection to the first server that answers; fails as the first one did where none does. */
  async first(): Promise<pg.Client> {
    const client = await this.connectUntried()
    if (client === null) throw this.failure
    return client
  }

  /** The server that was reached is a standby: a connection to the next one that answers; null where none does. */
  async next(): Promise<pg.Client | null> {
    this.standbyAt ??= this.at
    this.close()
    return this.connectUntried()
  }

  /** A connection to the first standby that was found. */
  async standby(): Promise<pg.Client> {
    this.isStale = true
    this.at = this.standbyAt ?? this.at
    return this.connect()
  }

  close(): void {
    void this.open?.end().catch(() => {})
  }

  private async connectUntried(): Promise<pg.Client | null> {
    for (let at = this.untried.shift(); at !== undefined; at = this.untried.shift()) {
      this.at = at
      try {
        const client = await this.connect()
        this.preferred.at = at
        return client
      } catch (error) {
        this.failure ??= error
        // A wrong password is wrong, whatever the other servers say.
        if (!isConnectionLoss(error)) throw error
      }
    }
    return null
  }

  private async connect(): Promise<pg.Client> {
    this.open = await openConnection(this.urls[this.at] ?? '', this.config)
    return this.open
  }
}

/** A plain connection to the primary of a list of URLs, or to whatever answers where there is none. */
export async function openPrimary(list: string, config: pg.ClientConfig): Promise<pg.Client> {
  const search = new ServerSearch(splitUrls(list), {at: 0}, config)
  for (let client: pg.Client | null = await search.first(); client !== null; client = await search.next()) {
    const {rows} = await client.query<{standby: boolean}>('select pg_is_in_recovery() as standby')
    if (rows[0]?.standby !== true) return client
  }
  return search.standby()
}
