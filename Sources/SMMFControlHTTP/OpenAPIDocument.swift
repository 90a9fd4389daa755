// SPDX-License-Identifier: MIT

public import SMMFCore

/// The OpenAPI 3.1 document of a control API, made from its routes.
public enum OpenAPIDocument {
    /// The document for `routes`.
    public static func make(title: String, version: String, routes: [ControlRoute]) -> JSONValue {
        var paths: [String: [String: JSONValue]] = [:]
        var schemas: [String: JSONValue] = ["Error": ControlSchema("Error", example: errorExample).document]
        for route in routes {
            for schema in [route.body, route.answer].compactMap({ $0 }) { schemas[schema.name] = schema.document }
            paths[route.path, default: [:]][route.method.rawValue.lowercased()] = operation(route)
        }
        return [
            "openapi": "3.1.0",
            "info": ["title": .string(title), "version": .string(version)],
            "paths": .object(paths.mapValues { .object($0) }),
            "components": [
                "schemas": .object(schemas),
                "securitySchemes": ["token": ["type": "http", "scheme": "bearer"]],
            ],
        ]
    }

    /// A route that serves the document of `routes` and of itself.
    public static func route(title: String, version: String, for routes: [ControlRoute]) -> ControlRoute {
        ControlRoute(.get, "/openapi.json", "This document.") { _ in
            try .json(make(title: title, version: version, routes: routes))
        }
    }

    private static func operation(_ route: ControlRoute) -> JSONValue {
        let pathParameters = route.parameters.map { name -> JSONValue in
            ["name": .string(name), "in": "path", "required": true, "schema": ["type": "string"]]
        }
        let queryParameters = route.query.sorted { $0.key < $1.key }.map { name, meaning -> JSONValue in
            [
                "name": .string(name), "in": "query", "required": false, "description": .string(meaning),
                "schema": ["type": "string"],
            ]
        }
        let success: JSONValue =
            route.answer.map { ["description": "Done.", "content": content($0.name)] } ?? ["description": "Done."]
        var operation: [String: JSONValue] = [
            "summary": .string(route.summary),
            "operationId": .string(identifier(route)),
            "parameters": .array(pathParameters + queryParameters),
            "responses": [
                route.answer == nil ? "204" : "200": success,
                "default": ["description": "What went wrong.", "content": content("Error")],
            ],
        ]
        if let body = route.body { operation["requestBody"] = ["required": true, "content": content(body.name)] }
        return .object(operation)
    }

    private static func content(_ schema: String) -> JSONValue {
        ["application/json": ["schema": ["$ref": .string("#/components/schemas/\(schema)")]]]
    }

    private static func identifier(_ route: ControlRoute) -> String {
        let words = route.path.split(whereSeparator: { "/{}.".contains($0) }).dropFirst(
            route.path.hasPrefix("/v1") ? 1 : 0
        )
        return ([route.method.rawValue.lowercased()] + words.map(String.init)).joined(separator: "_")
    }

    private static var errorExample: ControlErrorBody {
        ControlErrorBody(
            error: SMMFError(.notFound, "There is no model x.", field: "name", nextStep: "Did you mean y?")
        )
    }
}
