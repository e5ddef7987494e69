/** oclif's Config without the search for plugins, commands and settings: all of that is known when fleks is built. */

import {Config} from '@oclif/core/config'
import packageJson from '../../package.json' with {type: 'json'}

export class LightConfig extends Config {
  override async load(): Promise<void> {
    this.name = packageJson.name
    this.version = packageJson.version
    this.bin = packageJson.oclif.bin
    this.dirname = packageJson.oclif.dirname
    this.root = this.options.root
    this.topicSeparator = ' '
    this.valid = true
    this.platform = process.platform as typeof this.platform
    this.arch = process.arch as typeof this.arch
    this.userAgent = `${this.name}/${this.version}`
    this.shell = 'unknown'
    this.plugins = new Map()
  }

  /** No plugin, no hook. */
  override async runHook() {
    return {failures: [], successes: []}
  }
}
