/** Lines and files of data that nobody means, for what reads them by the thousand. */

import fc from 'fast-check'
import {CONTROLS} from './arbitraries.ts'
import {hostileFor} from './hostile.ts'

/** What a cell or value is made of in files from elsewhere: formulas, marks, halves of characters, other numbers. */
const ODD = [
  '=1+1', '=HYPERLINK("http://x","y")', '+1', '-1', '@SUM(A1)', '\ufeff5', '5\ufeff', '5\0', '\0', 'a\ufeffb', '\ud800', '5\udfff', '٥', '5', '1e3', '0x10',
  '1_000', '1 000', "1'000", '1,000.00', '1.000,00', '1,5', '00005', '5.', '.5', '5.0000', '5.00001', '5.1e400', 'NaN', 'Infinity', '99999999999999999999', '(5)',
  '5-', '+-5', '5 AZN', 'AZN5', '$5', '€ 5', '5%', '5/2', '- 5', '−5', 'null', 'true', '{}', '[]', '<b>5</b>', '\\N', '\\', '5\u00a0000', '"', '""', "'5",
] // biome-ignore format: a list

export const oddTexts: fc.Arbitrary<string> = fc.oneof(
  {weight: 3, arbitrary: fc.constantFrom(...ODD)},
  {weight: 1, arbitrary: fc.constantFrom(...CONTROLS)},
  {
    weight: 2,
    arbitrary: fc.tuple(fc.constantFrom(...ODD), fc.constantFrom(...CONTROLS)).map((parts) => parts.join('')),
  },
  {
    weight: 1,
    arbitrary: fc.constantFrom(' ', '\t', '( ', '+ ', '1 ', "'", '((', '.').map((part) => `${part.repeat(2_400)}x`),
  },
)

export function oddTextFor(field: string): fc.Arbitrary<string> {
  return fc.oneof({weight: 2, arbitrary: oddTexts}, {weight: 1, arbitrary: hostileFor(field)})
}

/** Values of JSON as they can be written and hardly ever are: raw text, so that what no value has can be there as well. */
const ODD_JSON = [
  '1e400', '-1e400', '-0', '1E2', '5.10', '5.105', '0.1', '9007199254740993', '900000000000000.05', '1.0000000000000000001', '123456789012345678901234567890', '1e-400', '5e0',
  'null', 'true', 'false', '[]', '{}', '[1]', '{"id":1}', '{"id":{"id":1}}', '{"id":null}', '{"id":[1]}', '{"toString":1}', '{"id":{"toString":1,"valueOf":1}}', '{"id":"1","id":"2"}',
  '"\\ud800"', '"\\u0000"', '"\\ufeff5"', '"\\u0035"', '"5\\u2028"', '"\\u202e5"', '""', '" "', '"__proto__"', '{"__proto__":{"id":1}}', '"\\x"', "'5'", 'NaN', '01', '+5', '5.', '.5', '',
  nested(1_000), nested(200_000), `{"id":${nested(200_000)}}`,
] // biome-ignore format: a list

function nested(depth: number): string {
  return '['.repeat(depth) + ']'.repeat(depth)
}

export const oddJson: fc.Arbitrary<string> = fc.oneof(
  {weight: 3, arbitrary: fc.constantFrom(...ODD_JSON)},
  {weight: 1, arbitrary: fc.jsonValue({maxDepth: 3}).map((value) => JSON.stringify(value))},
)

/** Bytes that are no text, or not this text: without line breaks, so that they stay one line. */
export const oddBytes: fc.Arbitrary<Buffer> = fc
  .oneof(
    fc.uint8Array({minLength: 1, maxLength: 80}).map((bytes) => Buffer.from(bytes)),
    fc
      .constantFrom('\ufeff', '\ufeff{}', '\0', '{', '}', '[', '"', '{"', '\\', 'null', '0', '""', '{}', '\ufeff\ufeff')
      .map((text) => Buffer.from(text)),
  )
  .map((bytes) => Buffer.from(bytes.map((byte) => (byte === 10 ? 11 : byte))))

/** An object as JSON whose values are raw text, so that keys may come twice. */
export function rawObject(pairs: readonly (readonly [key: string, raw: string])[]): string {
  return `{${pairs.map(([key, raw]) => `${JSON.stringify(key)}:${raw}`).join(',')}}`
}
