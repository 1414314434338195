# Every command of the project; `make help` lists them.
STACK ?= minikube
REGISTRY ?=
REPOSITORY ?=
TAG ?=
PLATFORM ?=
NODE := node_modules/.bin/node
# Python with the packages of a project's uv.lock, in the environment that the tests use.
python = UV_PROJECT_ENVIRONMENT='$(CURDIR)/.venv/$(notdir $(1))' scripts/uv run --quiet --frozen --project $(1) python
# Keep npm from printing notices.
export npm_config_update_notifier = false
export npm_config_fund = false
export npm_config_audit = false

.PHONY: help
help: ## List the commands
	@grep -hE '^[a-z0-9-]+:.*## ' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 18

node_modules/.installed: package.json package-lock.json
	@[ -w node_modules ] || { [ ! -e node_modules ] && [ -w . ]; } || { echo 'the packages are not installed, and $(CURDIR)/node_modules cannot be written: run make in a copy of this folder that is yours, or `npm ci && touch node_modules/.installed` here as a user who may write' >&2; exit 1; }
	@echo 'installing Node 24 and the packages from npm, which takes a minute or two the first time' >&2
	@npm ci --loglevel error >&2 || { echo 'the packages are not installed. If npm does not reach its registry: behind a proxy, set HTTPS_PROXY; for a mirror, set npm_config_registry (docs/site.md, "Downloads behind the site'"'"'s walls")' >&2; exit 1; }
	@touch $@

.PHONY: preview
preview: node_modules/.installed ## Show what a stack would create: [STACK=minikube] [OUT=dir] [JSON=1] [CHART=path] [SECRETS=generate]
	@$(NODE) preview/preview.ts --stack '$(STACK)' $(if $(OUT),--out '$(OUT)') $(if $(JSON),--json) $(if $(CHART),--chart '$(CHART)') $(if $(SECRETS),--secrets '$(SECRETS)')

BASE ?= origin/main
.PHONY: preview-diff
preview-diff: node_modules/.installed ## Show how previews differ from those of a commit, as Markdown: [BASE=origin/main] [STACK=minikube|all] [JSON=1] [CHART=path]
	@$(NODE) preview/preview-diff.ts --base '$(BASE)' --stack '$(STACK)' $(if $(JSON),--json) $(if $(CHART),--chart '$(CHART)')

.PHONY: test
test: node_modules/.installed ## Run every test; tests without the tool that they need skip with a reason
	@$(NODE) scripts/ci/test.ts

.PHONY: e2e
e2e: node_modules/.installed ## Deploy to the cluster of TEST_KUBECONFIG, run the pipeline, break things, restore, destroy: [AIRFLOW_CHART=path]
	@$(NODE) scripts/ci/test.ts e2e

ONLY ?=
.PHONY: clouds-proof
clouds-proof: node_modules/.installed ## Deploy to imitated clouds, and write docs/clouds-proof.md: CLOUD_PLUGINS=folder [ONLY=gcp/small]
	@$(if $(CLOUD_PLUGINS),CLOUD_PLUGINS='$(CLOUD_PLUGINS)') $(NODE) tests/clouds/proof.ts $(if $(ONLY),--only '$(ONLY)')

.PHONY: lint
lint: node_modules/.installed ## Check types, rules and format, of TypeScript and Python
	@$(NODE) node_modules/.bin/tsc
	@$(NODE) node_modules/.bin/eslint .
	@$(NODE) node_modules/.bin/prettier --check --log-level warn .
	@$(call python,local) -m ruff check --quiet . scripts/images
	@$(call python,local) -m ruff format --quiet --check . scripts/images
	@$(call python,local) -m mypy --no-error-summary
	@$(call python,tests/clouds/amazon) -m mypy --no-error-summary --config-file tests/clouds/amazon/pyproject.toml

.PHONY: reference
reference: node_modules/.installed ## Write the generated pages: configuration, network, secrets, policies, prices, doctor, diagrams, benchmarks
	@$(NODE) config/reference.ts
	@$(NODE) preview/diagrams/network-reference.ts
	@$(NODE) preview/diagrams/secrets-reference.ts
	@$(NODE) policy/reference.ts
	@$(NODE) preview/cost/cost-reference.ts
	@$(NODE) scripts/doctor/reference.ts
	@$(NODE) preview/diagrams/reference.ts
	@$(NODE) tests/bench/bench-cluster/markdown.ts

.PHONY: pulls
pulls: node_modules/.installed ## Check that every pinned image and chart can still be pulled
	@$(NODE) scripts/ci/pulls.ts

.PHONY: pins
pins: node_modules/.installed ## Write the digests of every pinned image to images.lock.json, and list newer patches: [JSON=1]
	@$(NODE) scripts/ci/pins.ts $(if $(JSON),--json)

.PHONY: facts
facts: node_modules/.installed ## Ask the clouds' plugins what they accept, and write facts.json of each cloud: CLOUD_PLUGINS=folder
	@$(if $(CLOUD_PLUGINS),CLOUD_PLUGINS='$(CLOUD_PLUGINS)') $(NODE) scripts/facts/facts.ts

.PHONY: format
format: node_modules/.installed ## Format every file, of TypeScript and Python
	@$(NODE) node_modules/.bin/prettier --write --log-level warn .
	@$(call python,local) -m ruff format --quiet . scripts/images

.PHONY: hooks
hooks: ## Make git run .githooks/pre-commit before each commit
	@git config core.hooksPath .githooks

.PHONY: bench
bench: node_modules/.installed ## Measure previews, DAG imports, ingestion, training and image sizes: tables and JSON
	@$(NODE) tests/bench/bench.ts
	@$(call python,local) tests/dags/bench.py
	@$(call python,images/pageviews) images/pageviews/bench.py
	@scripts/images --sizes

.PHONY: bench-cluster
bench-cluster: node_modules/.installed ## Measure the platform on a cluster, and write docs/benchmarks.md: TEST_KUBECONFIG=path [AIRFLOW_CHART=path] [ONLY=ready,tasks]
	@$(if $(TEST_KUBECONFIG),TEST_KUBECONFIG='$(TEST_KUBECONFIG)') $(if $(AIRFLOW_CHART),AIRFLOW_CHART='$(AIRFLOW_CHART)') $(NODE) tests/bench/bench-cluster.ts $(if $(ONLY),--only '$(ONLY)')

.PHONY: cli
cli: ## Install the Pulumi CLI with Pulumi's own installer, in the version that package.json pins
	@scripts/cli

.PHONY: chart
chart: node_modules/.installed ## Fetch helm and Airflow's chart, with which previews show the chart's objects: [REPOSITORY=https://…]
	@CHART_REPOSITORY="$$REPOSITORY" NODE_USE_ENV_PROXY=1 NODE_USE_SYSTEM_CA=1 $(NODE) scripts/helm/fetch.ts

.PHONY: preflight
preflight: node_modules/.installed ## Say what would stop the first deployment of a stack, and change nothing: [STACK=minikube] [JSON=1]
	@NODE_USE_ENV_PROXY=1 NODE_USE_SYSTEM_CA=1 $(NODE) scripts/preflight/preflight.ts --stack '$(STACK)' $(if $(JSON),--json)

.PHONY: up
up: node_modules/.installed ## Deploy a stack: [STACK=minikube] [YES=1]
	@scripts/up '$(STACK)' $(if $(YES),--yes)

.PHONY: destroy
destroy: node_modules/.installed ## Delete a stack's resources and its data; KEEP_DATA=1 keeps the data: [STACK=minikube] [KEEP_DATA=1] [YES=1]
	@$(NODE) scripts/stack/destroy.ts $(if $(KEEP_DATA),--keep-data) '$(STACK)' $(if $(YES),--yes)

.PHONY: images
images: node_modules/.installed ## Build the platform's images, and push them for STACK's nodes with REGISTRY=…: [REGISTRY=] [TAG=] [STACK=minikube] [PLATFORM=linux/amd64,linux/arm64]
	@REGISTRY='$(REGISTRY)' TAG='$(TAG)' STACK='$(STACK)' PLATFORM='$(PLATFORM)' scripts/images

NAMESPACE ?= mlops
.PHONY: verify
verify: node_modules/.installed ## Check a live platform from outside, with a run of the pipeline: [STACK=minikube] [NAMESPACE=mlops] [CONTEXT=] [AIRFLOW_URL=] [WITHOUT=grafana] [ONLY="jobs,pods"] [JSON=1]
	@$(NODE) scripts/verify/verify.ts --stack '$(STACK)' --namespace '$(NAMESPACE)' $(if $(CONTEXT),--context '$(CONTEXT)') $(if $(AIRFLOW_URL),--airflow-url '$(AIRFLOW_URL)') $(if $(WITHOUT),--without '$(WITHOUT)') $(if $(ONLY),--only '$(ONLY)') $(if $(JSON),--json)

UI ?= airflow
.PHONY: open
open: node_modules/.installed ## Print the URLs and users of the UIs, and open one: [UI=airflow] [STACK=minikube] [NAMESPACE=mlops] [CONTEXT=] [BROWSER=no] [PASSWORDS=1] [JSON=1]
	@$(NODE) scripts/platform/open.ts --ui '$(UI)' --stack '$(STACK)' --namespace '$(NAMESPACE)' $(if $(CONTEXT),--context '$(CONTEXT)') $(if $(filter no,$(BROWSER)),--no-browser) $(if $(PASSWORDS),--passwords) $(if $(JSON),--json)

.PHONY: first-run
first-run: node_modules/.installed ## Run the example pipeline from page views to predictions, and say where to look: [STACK=minikube] [NAMESPACE=mlops] [CONTEXT=] [AIRFLOW_URL=]
	@$(NODE) scripts/first-run/first-run.ts --stack '$(STACK)' --namespace '$(NAMESPACE)' $(if $(CONTEXT),--context '$(CONTEXT)') $(if $(AIRFLOW_URL),--airflow-url '$(AIRFLOW_URL)')

ARGS ?= run
BACKUP ?= latest
BACKUP_JOB := $(NODE) scripts/backup/backup.ts --namespace '$(NAMESPACE)' $(if $(CONTEXT),--context '$(CONTEXT)')

.PHONY: backup
backup: node_modules/.installed ## Make a backup in the cluster, or run another backup command: [ARGS="list"] [NAMESPACE=mlops] [CONTEXT=]
	@$(BACKUP_JOB) $(ARGS)

.PHONY: restore
restore: node_modules/.installed ## Replace the databases with a backup: [BACKUP=latest] [DATABASE=name] [NAMESPACE=mlops] [CONTEXT=]
	@$(BACKUP_JOB) restore '$(BACKUP)' --force $(if $(DATABASE),--database '$(DATABASE)')

.PHONY: doctor
doctor: node_modules/.installed ## Find known failures of a deployment and print how to fix them: [NAMESPACE=mlops] [CONTEXT=] [JSON=1]
	@$(NODE) scripts/doctor/doctor.ts --namespace '$(NAMESPACE)' $(if $(CONTEXT),--context '$(CONTEXT)') $(if $(JSON),--json)

.PHONY: rotate
rotate: node_modules/.installed ## Renew keys or passwords: WHAT=fernet|admin|database|minio [STACK=minikube] [FINISH=1] [YES=1] [NAMESPACE=mlops] [CONTEXT=]
	@$(NODE) scripts/rotate/rotate.ts --what '$(WHAT)' --stack '$(STACK)' --namespace '$(NAMESPACE)' $(if $(CONTEXT),--context '$(CONTEXT)') $(if $(FINISH),--finish) $(if $(YES),--yes)

PROJECT ?=
PORT ?= 8080
LOCAL := $(NODE) local/run.ts $(if $(CONTEXT),--context '$(CONTEXT)')

.PHONY: airflow
airflow: node_modules/.installed ## Run Airflow on this machine with the cluster's connections: [PROJECT=] [CONTEXT=] [PORT=8080] [COMPOSE=1]
	@$(LOCAL) airflow $(if $(PROJECT),--project '$(PROJECT)') --port '$(PORT)' $(if $(COMPOSE),--compose)

.PHONY: notebook
notebook: node_modules/.installed ## Open the report's notebook in JupyterLab: [PROJECT=pageviews] [CONTEXT=]
	@$(LOCAL) notebook $(if $(PROJECT),--project '$(PROJECT)')

.PHONY: secrets
secrets: node_modules/.installed ## Store secrets encrypted: PROJECT=name with ENV_FILE=.env or NAME=KEY [FILE=path] | REGISTRY=host REGISTRY_USER=name | PROXY_USER=name [STACK=minikube]
	@$(NODE) scripts/platform/secrets.ts --stack '$(STACK)' $(if $(PROJECT),--project '$(PROJECT)') $(if $(ENV_FILE),--variables '$(ENV_FILE)') \
	  $(if $(NAME),--name '$(NAME)') $(if $(FILE),--file '$(FILE)') $(if $(REGISTRY),--registry '$(REGISTRY)') $(if $(REGISTRY_USER),--registry-user '$(REGISTRY_USER)') \
	  $(if $(PROXY_USER),--proxy-user '$(PROXY_USER)')
