/** COPY … FROM STDIN over plain pg: the fastest way there is to bring rows into a table. */

import {readSync} from 'node:fs'
import type pg from 'pg'

interface Wire {
  query(text: string): void
  sendCopyFromChunk(chunk: Buffer): void
  endCopyFrom(): void
  readonly stream: NodeJS.WritableStream
}

const PIECE_BYTES = 1_048_576

/** Sends a file of rows in PostgreSQL's text form. */
export function copyFile(db: pg.Client, statement: string, file: number): Promise<void> {
  return new Promise((resolve, reject) => {
    let failure: Error | null = null
    const submittable = {
      submit: (wire: Wire) => wire.query(statement),
      handleCopyInResponse: (wire: Wire) => {
        void send(wire, file)
      },
      handleRowDescription: () => {},
      handleCommandComplete: () => {},
      handleError: (error: Error) => {
        failure = error
      },
      handleReadyForQuery: () => (failure === null ? resolve() : reject(failure)),
    }
    db.query(submittable as never)
  })
}

async function send(wire: Wire, file: number): Promise<void> {
  for (;;) {
    const piece = Buffer.allocUnsafe(PIECE_BYTES)
    const count = readSync(file, piece)
    if (count === 0) break
    wire.sendCopyFromChunk(piece.subarray(0, count))
    await new Promise((written) => wire.stream.write('', written))
  }
  wire.endCopyFrom()
}
