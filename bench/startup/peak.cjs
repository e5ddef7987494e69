// Preloaded (node -r): writes down the process's largest resident set, in kB, when it ends.
process.on('exit', () => require('node:fs').writeFileSync(process.env.PEAK, String(process.resourceUsage().maxRSS)))
