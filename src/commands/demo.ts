import {FleksCommand} from '../cli/base-command.ts'
import {playDemo} from '../cli/demo/play.ts'
import {PLAIN_SETTINGS, screenOf} from '../cli/screen.ts'
import {demoJson} from '../views/demo-json.ts'
import {commandText, exitText, farewellText, loadedText, sceneText} from '../views/demo-text.ts'

export default class Demo extends FleksCommand {
  static override description =
    'Play a working day on a ledger of its own\n\nOver 200 clients and a real PostgreSQL in a temporary folder, which is removed at the end. Your own data is never touched.'
  static override examples = ['<%= config.bin %> demo', '<%= config.bin %> demo --json']

  async run(): Promise<void> {
    await this.parse(Demo)
    const screen = screenOf(PLAIN_SETTINGS)
    const say = (text: string) => process.stdout.write(text)
    const report = await playDemo(
      this.format === 'json'
        ? null
        : {
            scene: ({title, text}) => say(sceneText(title, text, screen)),
            command: (command) => say(commandText(command, screen)),
            exited: ({exit}) => say(exitText(exit, screen)),
            loaded: (file) => say(loadedText(file, screen)),
          },
    )
    await this.show({
      json: () => demoJson(report),
      text: async () => farewellText(report, programTyped(process.env), screen),
    })
  }
}

/** In a clone that nobody installed, npm's `npx` is how the program is called. */
function programTyped({npm_lifecycle_event: npmScript}: NodeJS.ProcessEnv): string {
  return npmScript === 'demo' ? 'npx fleks' : 'fleks'
}
