#!/usr/bin/env node
/* Runs the sources as they are; Node strips the types. */
'use strict'

import('../src/main.ts').then(({main}) => main(process.argv.slice(2)))
