import ArgumentParser
@main struct Tianzhong: AsyncParsableCommand { func run() async throws { print("hi") } }
