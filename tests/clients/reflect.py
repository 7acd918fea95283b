"""Asks a gRPC server what it can do, and calls it, through reflection alone: a small grpcurl.

    python reflect.py list HOST:PORT
    python reflect.py describe HOST:PORT confab.auth.v1.AuthService
    python reflect.py call HOST:PORT confab.auth.v1.AuthService/SignUp '{"username": "ada", ...}'
    python reflect.py health HOST:PORT [SERVICE]

No generated code of ours is used, so what works here works with grpcurl. Answers are JSON on stdout.
Exit code 1 and one line on stderr say what went wrong.
"""

import argparse
import json
import sys

import grpc
from google.protobuf import descriptor_pb2, descriptor_pool, json_format, message_factory
from grpc_reflection.v1alpha import reflection_pb2

# The messages of v1 and v1alpha are the same on the wire; only the path differs. grpcurl tries them in this order.
REFLECTION_PATHS = [
    "/grpc.reflection.v1.ServerReflection/ServerReflectionInfo",
    "/grpc.reflection.v1alpha.ServerReflection/ServerReflectionInfo",
]
HEALTH = "grpc.health.v1.Health"


class Reflection:
    """What a server says about itself."""

    def __init__(self, address, timeout):
        self.channel = grpc.insecure_channel(address)
        self.timeout = timeout
        self.pool = descriptor_pool.DescriptorPool()
        self.files = set()
        self.path = None

    def ask(self, **question):
        """Sends one reflection request and returns its response."""
        for path in [self.path] if self.path else REFLECTION_PATHS:
            call = self.channel.stream_stream(
                path,
                request_serializer=reflection_pb2.ServerReflectionRequest.SerializeToString,
                response_deserializer=reflection_pb2.ServerReflectionResponse.FromString,
            )
            request = reflection_pb2.ServerReflectionRequest(**question)
            try:
                response = next(call(iter([request]), timeout=self.timeout, wait_for_ready=True))
            except grpc.RpcError as error:
                if error.code() == grpc.StatusCode.UNIMPLEMENTED and path != REFLECTION_PATHS[-1]:
                    continue
                raise
            self.path = path
            if response.HasField("error_response"):
                sys.exit(f"reflection says: {response.error_response.error_message}")
            return response
        raise AssertionError("the last path either answers or raises")

    def services(self):
        """Returns the full names of all services, in alphabetical order."""
        return sorted(service.name for service in self.ask(list_services="").list_services_response.service)

    def load(self, **question):
        """Adds the file that answers a question to the pool, after all that it imports."""
        files = [
            descriptor_pb2.FileDescriptorProto.FromString(file)
            for file in self.ask(**question).file_descriptor_response.file_descriptor_proto
        ]
        by_name = {file.name: file for file in files}
        for file in files:
            self.add(file, by_name)

    def add(self, file, by_name):
        """Adds one file to the pool; what it imports comes first, fetched if the server did not send it along."""
        if file.name in self.files:
            return
        self.files.add(file.name)
        for name in file.dependency:
            if name in by_name:
                self.add(by_name[name], by_name)
            elif name not in self.files:
                self.load(file_by_filename=name)
        self.pool.Add(file)

    def service(self, name):
        """Returns the descriptor of a service."""
        self.load(file_containing_symbol=name)
        return self.pool.FindServiceByName(name)

    def call(self, method_name, body):
        """Calls a unary method with a JSON body and returns its answer as a message."""
        service_name, _, name = method_name.rpartition("/")
        method = self.service(service_name).methods_by_name.get(name)
        if method is None:
            sys.exit(f"{service_name} has no method {name}")
        request = json_format.Parse(body, message_factory.GetMessageClass(method.input_type)())
        call = self.channel.unary_unary(
            f"/{service_name}/{name}",
            request_serializer=lambda message: message.SerializeToString(),
            response_deserializer=message_factory.GetMessageClass(method.output_type).FromString,
        )
        return call(request, timeout=self.timeout, wait_for_ready=True)


def describe(service):
    """Returns a service's methods as they stand in its proto file."""
    return [
        f"rpc {method.name}({method.input_type.full_name}) returns ({method.output_type.full_name});"
        for method in service.methods
    ]


def as_json(message):
    """Returns a message as JSON, fields with default values included."""
    return json_format.MessageToDict(message, always_print_fields_with_no_presence=True)


def main():
    """Parses the command line and runs one command."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("--timeout", type=float, default=10, help="seconds for each call")
    commands = parser.add_subparsers(dest="command", required=True)
    for name, arguments in {
        "list": [],
        "describe": ["service"],
        "call": ["method", "body"],
        "health": ["service"],
    }.items():
        command = commands.add_parser(name)
        command.add_argument("address")
        for argument in arguments:
            optional = {"nargs": "?", "default": "{}" if argument == "body" else ""}
            command.add_argument(argument, **(optional if argument == "body" or name == "health" else {}))
    args = parser.parse_args()

    server = Reflection(args.address, args.timeout)
    try:
        if args.command == "list":
            answer = server.services()
        elif args.command == "describe":
            answer = describe(server.service(args.service))
        elif args.command == "health":
            answer = as_json(server.call(f"{HEALTH}/Check", json.dumps({"service": args.service})))
        else:
            answer = as_json(server.call(args.method, args.body))
    except grpc.RpcError as error:
        sys.exit(f"{error.code().name}: {error.details()}")
    except json_format.ParseError as error:
        sys.exit(f"the body does not fit the request: {error}")
    print(json.dumps(answer, indent=2, ensure_ascii=False))


if __name__ == "__main__":
    main()
