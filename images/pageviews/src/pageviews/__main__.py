from pageviews.cli import main

raise SystemExit(main())
