#!/usr/bin/python3
"""Holds answers against docs/openapi.yaml.

    openapi.py SPEC [--moderators] < ANSWERS

ANSWERS is a JSON array of {"name", "method", "path", "status", "type",
"headers", "body"}: path is that of the specification, such as /comment/{id}.
Prints a line for each disagreement, and at the end those of the operations'
statuses (but 500 and more, which need trouble) that no answer had: those of
the readers, or with --moderators those below /moderate.
"""

import json
import sys

import jsonschema
import yaml


def of(spec, found):
    """What a reference means."""
    while "$ref" in found:
        node = spec
        for part in found["$ref"].lstrip("#/").split("/"):
            node = node[part]
        found = node
    return found


def problems(spec, answer, seen):
    operation = spec["paths"].get(answer["path"], {}).get(answer["method"])
    status = str(answer["status"])
    if operation is None:
        yield "the specification has no such operation"
        return
    seen.add((answer["path"], answer["method"], status))
    if status not in operation["responses"]:
        yield f"status {status} is not told"
        return
    response = of(spec, operation["responses"][status])
    for name, header in response.get("headers", {}).items():
        if header.get("required") and name.lower() not in answer["headers"]:
            yield f"no header {name}"
    content = response.get("content")
    if content is None:
        if answer["body"] != "":
            yield "a body that is not told"
        return
    kind, _, charset = answer["type"].partition("; ")
    if charset != "charset=utf-8":
        yield f"Content-Type {answer['type']}"
    if kind not in content:
        yield f"type {kind} is not told"
        return
    if kind != "application/json":
        return
    schema = {"$ref": "#/schema", "schema": content[kind]["schema"],
              "components": spec["components"]}
    checker = jsonschema.Draft202012Validator(schema)
    try:
        body = json.loads(answer["body"])
    except ValueError as error:
        yield f"no JSON: {error}"
        return
    for error in checker.iter_errors(body):
        yield f"{error.json_path}: {error.message}"


def main():
    with open(sys.argv[1], encoding="utf-8") as file:
        spec = yaml.safe_load(file)
    seen = set()
    for answer in json.load(sys.stdin):
        for line in problems(spec, answer, seen):
            print(f"{answer['name']}: {line}"[:400])
    moderators = "--moderators" in sys.argv[2:]
    for path, methods in spec["paths"].items():
        if path.startswith("/moderate") != moderators:
            continue
        for method, operation in methods.items():
            for status in operation["responses"]:
                if status < "500" and (path, method, status) not in seen:
                    print(f"no answer: {method} {path} {status}")


main()
