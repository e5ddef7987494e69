/** ISO 4217 (list one, active codes with a minor unit): every currency and how many decimals it has. */

const CODES_BY_DECIMALS: readonly (readonly [decimals: number, codes: string])[] = [
  [0, 'BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF'],
  [
    2,
    `AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BMD BND BOB BOV BRL BSD BTN BWP BYN BZD CAD CDF CHE CHF CHW CNY COP
     COU CRC CUP CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GTQ GYD HKD HNL HTG HUF IDR ILS INR IRR
     JMD KES KGS KHR KPW KYD KZT LAK LBP LKR LRD LSL MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MXV MYR MZN NAD NGN
     NIO NOK NPR NZD PAB PEN PGK PHP PKR PLN QAR RON RSD RUB SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL
     THB TJS TMT TOP TRY TTD TWD TZS UAH USD USN UYU UZS VED VES WST XAD XCD XCG YER ZAR ZMW ZWG`,
  ],
  [3, 'BHD IQD JOD KWD LYD OMR TND'],
  [4, 'CLF UYW'],
]

/** The number of decimals of a currency code in upper case; undefined where ISO 4217 has no such currency. */
export function isoDecimals(code: string): number | undefined {
  // A scan instead of a table built at the start: it is asked once or twice in a process.
  return CODES_BY_DECIMALS.find(([, codes]) => /^[A-Z]{3}$/.test(code) && codes.includes(code))?.[0]
}

/** Every currency code, for suggestions. */
export function isoCodes(): readonly string[] {
  return CODES_BY_DECIMALS.flatMap(([, codes]) => codes.split(/\s+/))
}
