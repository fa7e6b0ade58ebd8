/// The Python package `picoml`, which trials import: part of the program, so that a host needs
/// nothing but it and an interpreter.
package enum PythonPackage {
    /// The package's name.
    package static let name = "picoml"

    /// Its files: name within the package's folder, content.
    package static let files: [(name: String, content: [UInt8])] = [
        ("__init__.py", PackageResources.__init___py),
        ("_channel.py", PackageResources._channel_py),
        ("_context.py", PackageResources._context_py),
        ("_files.py", PackageResources._files_py),
        ("_http.py", PackageResources._http_py),
        ("_params.py", PackageResources._params_py),
        ("_process.py", PackageResources._process_py),
        ("_running.py", PackageResources._running_py),
        ("_trial.py", PackageResources._trial_py),
        ("_values.py", PackageResources._values_py),
        ("_warm.py", PackageResources._warm_py),
        ("client.py", PackageResources.client_py),
        ("py.typed", PackageResources.py_typed),
        ("space.py", PackageResources.space_py),
    ]
}
