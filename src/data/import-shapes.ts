/** What many lines of a file have in common, kept once: a file of millions of lines has some hundreds of them. */

import {amountField, type RefusedPosting} from '../core/import-refused.ts'
import type {SourceRecord} from '../core/import-source.ts'
import type {Circumstances} from '../core/ledger.ts'
import type {Ready} from './bulk-requests.ts'

type Common = Pick<Ready, 'kind' | 'direction' | 'unit' | 'open' | 'dryRun'> &
  Pick<Circumstances, 'staff' | 'method' | 'operator'> &
  RefusedPosting & {
    /** Whether a client was added for the line. */
    readonly changed: boolean
  }

export interface Shape extends Common {
  /** Its place among all. */
  readonly index: number
}

export class LineShapes {
  private readonly shapes: Shape[] = []
  /** Those of each staff member; null for lines without one. */
  private readonly byStaff = new Map<Circumstances['staff'], Shape[]>()

  shapeOf(
    {cells}: SourceRecord,
    {kind, direction, unit, open, dryRun, archived, around}: Ready,
    changed: boolean,
  ): Shape {
    const {staff, method, operator} = around
    const field = amountField(cells)
    const hasOwnReference = cells.reference !== undefined
    let own = this.byStaff.get(staff)
    if (own === undefined) {
      own = []
      this.byStaff.set(staff, own)
    }
    for (const shape of own) {
      const same =
        shape.kind === kind &&
        shape.direction === direction &&
        shape.method === method &&
        shape.unit.code === unit.code &&
        shape.open === open &&
        shape.dryRun === dryRun &&
        shape.archived === archived &&
        shape.changed === changed &&
        shape.amountField === field &&
        shape.hasOwnReference === hasOwnReference &&
        shape.operator === operator
      if (same) return shape
    }
    const common: Common = {
      ...{kind, direction, unit, open, dryRun, archived, staff, method, operator, changed, hasOwnReference},
      amountField: field,
    }
    const shape: Shape = {...common, index: this.shapes.length}
    this.shapes.push(shape)
    own.push(shape)
    return shape
  }

  at(index: number): Shape {
    const shape = this.shapes[index]
    if (shape === undefined) throw new Error('There is no such shape')
    return shape
  }
}
