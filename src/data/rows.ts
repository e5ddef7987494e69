/** Building blocks of row schemas: what a column turns into. */

import * as z from 'zod/mini'
import type {Money} from '../core/money.ts'
import {utcText} from './types.ts'

// Compiling validators with `new Function` costs more than a short process wins back.
z.config({jitless: true})

export const bigintColumn = z.bigint()
export const moneyColumn = z.custom<Money>((value) => typeof value === 'bigint')
export const textOrNull = z.nullable(z.string())
export const bigintOrNull = z.nullable(z.bigint())
export const moneyOrNull = z.nullable(moneyColumn)

/** Inside json_agg ids arrive as text, so that none is rounded. */
export const idInJson = z.pipe(
  z.string().check(z.regex(/^\d+$/)),
  z.transform((text: string) => BigInt(text)),
)
export const moneyInJson = z.pipe(
  z.string().check(z.regex(/^\d+$/)),
  z.transform((text: string) => BigInt(text) as Money),
)
/** A time as text in the server's own style; RFC 3339 in UTC as from a column. */
export const utcInJson = z.pipe(z.string(), z.transform(utcText))
