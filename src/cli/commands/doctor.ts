import { defineCommand } from '../command.js';
import { outputOptions } from '../options.js';

export const doctorCommand = defineCommand({
  name: 'doctor',
  summary: 'Show what is ready, what is missing, and the command that mends it; changes nothing',
  options: (yargs) => yargs.options({ json: outputOptions.json }),
  async run({ json }, { stdout }) {
    const { diagnose, formatDiagnosis } = await import('../../node/doctor/doctor.js');
    const diagnosis = await diagnose();
    stdout.write(json ? `${JSON.stringify(diagnosis, null, 2)}\n` : formatDiagnosis(diagnosis));
    return diagnosis.ok ? 0 : 1;
  },
});
