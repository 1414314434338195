from mnist.cli import main

raise SystemExit(main())
