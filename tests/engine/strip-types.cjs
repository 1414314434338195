// Loaded before the program. A language host of Pulumi older than the engine does not read `typescript: false` in
// Pulumi.yaml, and would check the types of the whole program: 20 s of CPU and 1.5 GB for each command.
delete process.env.PULUMI_NODEJS_TYPESCRIPT;
