# Everything a newcomer needs. `make help` lists the targets.
.DEFAULT_GOAL := help
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c

PYTHON ?= python3
VENV ?= .venv
# torch comes by itself and first: resolved together with the rest it may bring gigabytes of CUDA packages.
TORCH ?= torch==2.13.0
# On an ordinary Linux machine set it to https://download.pytorch.org/whl/cpu for the build without CUDA.
TORCH_INDEX_URL ?=
ARGS ?=

BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check

.PHONY: help setup dev index run test lint format eval variants mutants ablation bench lock clean

help: ## 列出所有命令
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | awk -F':.*## ' '{printf "  make %-8s %s\n", $$1, $$2}'

$(VENV)/.installed: pyproject.toml constraints.txt
	@echo "== 1/2 建立虚拟环境并安装依赖（几分钟，约 2.5 GB）"
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(PIP) install --quiet --progress-bar on $(TORCH) $(if $(TORCH_INDEX_URL),--index-url $(TORCH_INDEX_URL))
	$(PIP) install --quiet --progress-bar on -c constraints.txt -e .
	touch $@

$(VENV)/.installed-dev: $(VENV)/.installed
	$(PIP) install --quiet --progress-bar on -c constraints.txt -e ".[dev]"
	touch $@

setup: $(VENV)/.installed index ## 安装依赖并建立检索索引

index: $(VENV)/.installed
	@echo "== 2/2 建立检索索引（约半分钟，文本没有改动时立即完成）"
	$(BIN)/policy-assistant index build

dev: $(VENV)/.installed-dev

run: setup ## 启动网页（http://127.0.0.1:7860）
	$(BIN)/policy-assistant serve $(ARGS)

test: dev setup ## 核对规则并跑全部测试
	$(BIN)/policy-assistant rules check --quiet
	$(BIN)/python -m pytest $(ARGS)

lint: dev ## 检查代码风格、类型和分层
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/lint-imports
	$(BIN)/pyright --pythonpath $(BIN)/python

format: dev
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

eval: setup ## 用评测题给助手打分
	$(BIN)/policy-assistant eval $(ARGS)

variants: setup ## 用几千个生成的问题检查金额
	$(BIN)/policy-assistant eval variants $(ARGS)

mutants: setup ## 逐个放进错误，看评测能不能发现
	$(BIN)/policy-assistant eval --mutants $(ARGS)

ablation: dev setup ## 逐项去掉检索的组成部分，看各值多少（写进 docs/retrieval.md）
	$(BIN)/python -m evals.ablation $(ARGS)

bench: dev setup ## 测量速度（中位数）
	$(BIN)/python -m evals.bench $(ARGS)

lock: dev ## 把当前版本写进 constraints.txt
	(echo "# Versions that were resolved together and tested. Made by: make lock"; \
	 $(PIP) freeze --exclude-editable | grep -viE '^(pip|setuptools|wheel|policy.assistant)==' | sed 's|+cpu$$||') > constraints.txt

clean: ## 删除虚拟环境（数据文件夹不动）
	rm -rf $(VENV)
